package caravan.fleet;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code ./caravan up}: the whole fleet in the foreground, until this process is asked to end. */
final class Up {
    private final Arguments arguments;
    private final FleetOptions options;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean stopping = new AtomicBoolean();

    Up(Arguments arguments, Path checkout) {
        this.arguments = arguments;
        FleetOptions plain = new FleetOptions(
                arguments.folder(checkout).root(),
                checkout,
                arguments.ports(),
                arguments.without(),
                Map.of(),
                Up::print);
        this.options = arguments.observe() ? plain.observed().traced() : plain;
    }

    /** Returns only by an exception; Ctrl-C, {@code down} and a closed terminal end the JVM, and its hook stops the fleet in good order. */
    int run() {
        caches().enable();
        Fleet fleet = Fleet.prepare(options);
        Down.forgetRequest(folder());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(fleet), "stop"));
        try {
            fleet.startAll();
            started.set(true);
        } catch (FleetException e) {
            if (stopping.get()) {
                // Ctrl-C while it starts: parts that end early then are no news.
                waitForever();
            }
            throw e;
        }
        printFreePlaces();
        // Last: the script that started this process detached waits for this text.
        print(Welcome.text(options, arguments, credentials()));
        waitForever();
        return 0;
    }

    private void stop(Fleet fleet) {
        stopping.set(true);
        print("Stopping, services first ...");
        fleet.close();
        print("Stopped. The data stays in place for the next './caravan up'.");
        if (started.get() && !Down.requested(folder())) {
            new StartCacheMaker(caches(), Up::print).makeAll();
        }
    }

    private void printFreePlaces() {
        ServiceEnvironment environment = new ServiceEnvironment(options, credentials());
        Ports.SERVICES.stream()
                .filter(options.without()::contains)
                .forEach(service -> print("\nThe place of " + service + " is free. Run it by hand with\n\n    "
                        + environment.byHand(service)));
    }

    private Credentials credentials() {
        return Credentials.of(folder());
    }

    private StartCaches caches() {
        return StartCaches.of(folder());
    }

    private DataFolder folder() {
        return new DataFolder(options.folder());
    }

    private static void waitForever() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
