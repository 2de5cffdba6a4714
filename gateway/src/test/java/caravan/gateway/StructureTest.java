package caravan.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "caravan.gateway", importOptions = ImportOption.DoNotIncludeTests.class)
class StructureTest {

    /** Sessions, limits and the proxy meet in the pipeline and nowhere else. */
    @ArchTest
    static final ArchRule featuresDoNotKnowEachOther =
            slices().matching("caravan.gateway.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule featuresDoNotKnowThePipeline = noClasses()
            .that()
            .resideInAnyPackage("caravan.gateway.session..", "caravan.gateway.limit..", "caravan.gateway.proxy..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("caravan.gateway");

    @ArchTest
    static final ArchRule knowsNoService = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideOutsideOfPackages(
                    "caravan.saga..",
                    "caravan.order..",
                    "caravan.inventory..",
                    "caravan.payment..",
                    "caravan.shipment..",
                    "caravan.notification..",
                    "caravan.fleet..");

    @ArchTest
    static final ArchRule namesSayWhatAThingIs =
            noClasses().should().haveNameMatching(".*(Impl|Manager|Helper|Utils?|Dto|Entity|Service|Base|Abstract)$");
}
