package caravan.common;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "caravan.common", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** Annotations aside; SagaAdvanced names the reader and writer of the reply inside it, which see more of Jackson. */
    @ArchTest
    static final ArchRule contractsKnowNoFramework = classes()
            .that()
            .resideInAPackage("..contract..")
            .and()
            .haveNameNotMatching(".*(TypedReply|SagaAdvanced).*")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify.annotations..",
                    "caravan.common.contract..",
                    "com.fasterxml.jackson.annotation..");

    @ArchTest
    static final ArchRule aReplyInsideAMessageNeedsJacksonOnly = classes()
            .that()
            .resideInAPackage("..contract..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..", "org.jspecify.annotations..", "caravan.common.contract..", "com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = noClasses()
            .should()
            .haveNameMatching(".*(Impl|Manager|Helper|Utils?|Dto|Entity|Service|Base|Abstract)$")
            .orShould()
            .haveNameMatching(".*\\.Abstract[A-Z][^.]*");

    @ArchTest
    static final ArchRule commonKnowsNoService = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideOutsideOfPackages(
                    "caravan.saga..",
                    "caravan.order..",
                    "caravan.inventory..",
                    "caravan.payment..",
                    "caravan.shipment..",
                    "caravan.notification..",
                    "caravan.gateway..",
                    "caravan.fleet..");

    @ArchTest
    static final ArchRule packagesDependInOneDirection =
            slices().matching("caravan.common.(*)..").should().beFreeOfCycles();
}
