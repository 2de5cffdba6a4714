package caravan.fleettests;

import caravan.fleet.Fleet;
import caravan.fleet.FleetOptions;
import caravan.fleet.audit.Auditor;
import caravan.fleet.audit.Databases;
import caravan.fleet.audit.Report;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One fleet for all tests of this JVM: it starts with the first and ends with the JVM. */
final class TheFleet {

    private static final Duration SESSION = Duration.ofMinutes(10);

    private static @Nullable Fleet fleet;
    private static @Nullable Shop shop;
    private static long loggedInAtNs;

    private TheFleet() {}

    static synchronized Fleet get() {
        Fleet running = fleet;
        if (running == null) {
            running = Fleet.start(FleetOptions.forTests(emptied("fleet"))
                    // One address is all customers here. What one caller may do stays as it is.
                    .withEnvironment("CARAVAN_GATEWAY_LIMITS_POLICY_AUTH_QUOTA", "100000")
                    .withConsole(System.out::println));
            fleet = running;
            Runtime.getRuntime().addShutdownHook(new Thread(running::close));
        }
        return running;
    }

    /** Empty at the start; what is in it afterwards, logs above all, stays until the next run. */
    static Path emptied(String name) {
        Path folder = Path.of("target", name).toAbsolutePath();
        try {
            if (Files.exists(folder)) {
                try (Stream<Path> old = Files.walk(folder)) {
                    old.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
                }
            }
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The demo customer at the gateway; logs in again long before the token ends. */
    static synchronized Shop shop() {
        Shop known = shop;
        if (known == null || System.nanoTime() - loggedInAtNs > SESSION.toNanos()) {
            known = Shop.login(gateway(), get().credentials().customer());
            loggedInAtNs = System.nanoTime();
            shop = known;
        }
        return known;
    }

    static URI gateway() {
        return URI.create(get().address("gateway"));
    }

    /** Waits until everything has ended, then checks every invariant. */
    static Report audited(Duration bound) {
        return audited(get(), bound);
    }

    /** The same of another fleet. */
    static Report audited(Fleet other, Duration bound) {
        URI postgres = URI.create(other.jdbcUrl("orders").substring("jdbc:".length()));
        Auditor auditor = new Auditor(
                new Databases(postgres.getHost(), postgres.getPort(), "caravan", "caravan"),
                other.address("card-network"));
        auditor.settle(bound);
        return auditor.audit();
    }
}
