package caravan.order;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import caravan.order.replica.Reads;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.quarkus.reactive.datasource.ReactiveDataSource;

/** No write is decided by what a replica says: what writes has no way to ask it. */
@AnalyzeClasses(packages = "caravan.order", importOptions = ImportOption.DoNotIncludeTests.class)
class StructureTest {

    @ArchTest
    static final ArchRule onlyTheRoutingSeesTheReplica = noClasses()
            .that()
            .resideOutsideOfPackage("caravan.order.replica")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ReactiveDataSource.class);

    @ArchTest
    static final ArchRule oneClassReadsThere = noClasses()
            .that()
            .resideOutsideOfPackage("caravan.order.replica")
            .and()
            .doNotHaveSimpleName("ViewReads")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Reads.class);

    /** To show something to somebody, and nothing else. */
    @ArchTest
    static final ArchRule onlyWhatShowsUsesIt = classes()
            .that()
            .haveSimpleName("ViewReads")
            .should()
            .onlyHaveDependentClassesThat()
            .haveNameMatching("caravan\\.order\\.(ViewReads|OrderResource|OrderLists|CancelResource)(_.*)?");

    @ArchTest
    static final ArchRule theRoutingKnowsNoOrders = noClasses()
            .that()
            .resideInAPackage("caravan.order.replica")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("caravan.order");

    @ArchTest
    static final ArchRule namesSayWhatAThingIs =
            noClasses().should().haveNameMatching(".*(Impl|Manager|Helper|Utils?|Dto|Entity|Service|Base|Abstract)$");
}
