package caravan.fleet.sensitivity;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The program of a JVM that runs one test and reports in a file: a line when it starts, and one for how it ends. */
final class OneTest implements TestExecutionListener {

    static final String STARTED = "started";
    static final String FAILED = "failed";
    static final String PASSED = "passed";

    /** Why a test failed. */
    enum Trouble {
        ASSERTION,
        TIMEOUT,
        OTHER,
        BEFORE
    }

    private final Path report;
    private boolean failed;

    private OneTest(Path report) {
        this.report = report;
    }

    /** Class, method, file of the report. */
    public static void main(String[] args) {
        OneTest listener = new OneTest(Path.of(args[2]));
        PostDiscoveryFilter only = descriptor -> FilterResult.includedIf(isMethod(descriptor, args[1]));
        try (LauncherSession session = LauncherFactory.openSession()) {
            session.getLauncher()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectClass(args[0]))
                                    .filters(only)
                                    .build(),
                            listener);
        }
        if (!listener.failed) {
            listener.write(PASSED);
        }
        // Frameworks leave threads behind.
        System.exit(0);
    }

    private static boolean isMethod(TestDescriptor descriptor, String name) {
        return descriptor
                .getSource()
                .filter(source -> source instanceof MethodSource method
                        && method.getMethodName().equals(name))
                .isPresent();
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (test.isTest()) {
            write(STARTED);
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        result.getThrowable()
                .ifPresent(fault -> write(String.join(
                        "\t",
                        FAILED,
                        troubleOf(test, fault).name(),
                        fault.getClass().getSimpleName(),
                        String.valueOf(fault.getMessage()).replaceAll("\\s+", " "))));
        failed |= result.getThrowable().isPresent();
    }

    private static Trouble troubleOf(TestIdentifier test, Throwable fault) {
        if (!test.isTest()) {
            return Trouble.BEFORE;
        }
        if (fault instanceof AssertionError) {
            return Trouble.ASSERTION;
        }
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            // Awaitility's, Mutiny's, Java's: they have no type in common.
            if (cause.getClass().getSimpleName().contains("Timeout")) {
                return Trouble.TIMEOUT;
            }
        }
        return Trouble.OTHER;
    }

    private void write(String line) {
        try {
            Files.writeString(report, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
