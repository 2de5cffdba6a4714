package caravan.saga.engine;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The core is pure: it knows the contract and the JDK, and asks neither the clock nor chance. */
class StructureTest {

    private static final String ENGINE = "caravan.saga.engine";
    private static final String PLACE_ORDER = "caravan.saga.placeorder";
    private static final String CANCEL_ORDER = "caravan.saga.cancelorder";

    private final JavaClasses core = new ClassFileImporter()
            .withImportOption(new DoNotIncludeTests())
            .importPackages(ENGINE, PLACE_ORDER, CANCEL_ORDER);

    @Test
    void dependsOnTheContractAlone() {
        classes()
                .that()
                .resideInAPackage(ENGINE)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "caravan.common.contract", ENGINE)
                .check(core);
        classes()
                .that()
                .resideInAPackage(PLACE_ORDER)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "caravan.common.contract", ENGINE, PLACE_ORDER)
                .check(core);
        classes()
                .that()
                .resideInAPackage(CANCEL_ORDER)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "caravan.common.contract", ENGINE, CANCEL_ORDER)
                .check(core);
    }

    @Test
    void asksNeitherTheClockNorChance() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Instant.class, "now", Clock.class)
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .orShould()
                .dependOnClassesThat(resideInAnyPackage("java.io..", "java.net..", "java.nio.file..", "java.sql.."))
                .check(core);
    }
}
