package caravan.fleet.chaos;

import caravan.fleet.Fleet;
import caravan.fleet.FleetException;
import caravan.fleet.PostgresServer;
import caravan.fleet.audit.Auditor;
import caravan.fleet.audit.Databases;
import caravan.fleet.bench.Load;
import caravan.fleet.bench.Mix;
import caravan.fleet.bench.Progress;
import caravan.fleet.bench.Target;
import caravan.fleet.bench.gateway.Customers;
import caravan.fleet.bench.gateway.Door;
import caravan.fleet.bench.gateway.Requests;
import caravan.fleet.bench.gateway.Shelves;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * The course of it: orders come, faults come one at a time, each when the fleet is well again after the last or has had its time for that; then all heals, the fleet
 * settles, and it is judged. Closing heals at once, from any thread: a campaign that is cut off leaves nothing stopped.
 */
public final class Campaign implements AutoCloseable {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    /** Cold JVMs on two cores are so slow that the guards of the gateway would close them off: the rate rises so long. */
    private static final int RISING_SECONDS = 30;

    private static final Duration WARM_UP_BOUND = Duration.ofMinutes(3);
    /** The gateway's and the card network's breakers stay open for thirty seconds, and that twice when they close too early. */
    private static final Duration RECOVERY_BOUND = Duration.ofSeconds(90);

    private static final Duration SETTLE_BOUND = Duration.ofMinutes(3);
    /** Sessions last for fifteen minutes; a fault and its recovery for less than three. */
    private static final Duration RENEW_EVERY = Duration.ofMinutes(6);

    private static final int FEWEST_CUSTOMERS = 4;

    private final Fleet fleet;
    private final ChaosOptions options;
    private final Path folder;
    private final Progress progress;
    private final Injector injector;
    private final Books books;
    private final Pace pace;
    private final Promises promises = new Promises();
    private final List<Episode> episodes = new ArrayList<>();
    private long renewedNs = System.nanoTime();

    /**
     * Starts nothing yet; the fleet need not be up.
     *
     * @param fleet started with the options of {@code wires}; nobody else places orders in it
     * @param folder for what customers keep
     */
    public Campaign(Fleet fleet, Wires wires, ChaosOptions options, Path folder, Progress progress) {
        this.fleet = fleet;
        this.options = options;
        this.folder = folder;
        this.progress = progress;
        this.injector = new Injector(fleet, wires);
        this.books = new Books(fleet);
        this.pace = Pace.of(options.rate());
    }

    /**
     * The whole of it.
     *
     * @throws FleetException when the fleet is not well before the first fault, cannot be judged afterwards, or this was closed
     */
    public Outcome run() {
        Schedule schedule = Schedule.of(options.seed(), options.length(), fleet.parts());
        progress.say(schedule.text());
        Vertx vertx = Load.eventLoop();
        try (Door door = new Door(gateway());
                Watch watch = Watch.start(books)) {
            Mix mix = new Mix(
                    new Shelves(target(), door, progress)
                            .stockUp(fleet.credentials().operator()),
                    options.seed());
            Shoppers shoppers = new Shoppers(
                    vertx,
                    new Requests(vertx, gateway()),
                    new Customers(door, folder, progress),
                    // Each may send ten requests a second: room for those who ask again.
                    Math.max(FEWEST_CUSTOMERS, options.rate()),
                    mix,
                    promises);
            try (Load load = new Load(vertx, mix, shoppers)) {
                hurt(schedule, load, watch.pulse(), shoppers);
            }
            return judge(schedule, watch.pulse().longestSilence());
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        injector.close();
    }

    private void hurt(Schedule schedule, Load load, Pulse pulse, Shoppers shoppers) {
        CompletableFuture<Load.Sent> sent = CompletableFuture.supplyAsync(
                () -> load.run(Duration.ofDays(1), this::rate),
                work -> Thread.ofVirtual().name("load").start(work));
        try {
            warmUp(pulse);
            long startNs = System.nanoTime();
            for (Schedule.Planned planned : schedule.faults()) {
                renew(shoppers);
                pause(startNs + planned.at().toNanos() - System.nanoTime());
                Episode episode = episode(planned.fault(), since(startNs), pulse);
                episodes.add(episode);
                say(episode);
            }
        } finally {
            // What is still under way ends by itself: patience is bounded.
            load.enough();
        }
        progress.say("no more orders; those without an answer are asked for until they have one");
        sent.join();
    }

    private int rate(int second) {
        return second >= RISING_SECONDS ? options.rate() : Math.max(1, options.rate() * second / RISING_SECONDS);
    }

    private void warmUp(Pulse pulse) {
        progress.say("orders come, soon %d a second".formatted(options.rate()));
        pause(Duration.ofSeconds(RISING_SECONDS).toNanos());
        long startNs = System.nanoTime();
        while (pulse.paceSince(startNs, pace).isEmpty()) {
            if (since(startNs).compareTo(WARM_UP_BOUND) > 0) {
                throw new FleetException(
                        "Not even without faults %d orders a second are decided: is the machine busy? --rate N asks for less."
                                .formatted(options.rate()));
            }
            pause(LOOK_EVERY.toNanos());
        }
        progress.say("they are decided as they come");
    }

    private void renew(Shoppers shoppers) {
        if (since(renewedNs).compareTo(RENEW_EVERY) > 0 && shoppers.renew()) {
            renewedNs = System.nanoTime();
        }
    }

    private Episode episode(Fault fault, Duration at, Pulse pulse) {
        progress.say(fault.text());
        long hurtNs = System.nanoTime();
        try {
            return switch (injector.inject(fault)) {
                case Injection.Skipped(String why) -> new Episode.Skipped(fault, at, why);
                case Injection.Done(Runnable heal) -> {
                    pause(fault.hold().toNanos());
                    heal.run();
                    injector.awaitHealed(fault);
                    yield recovery(fault, at, hurtNs, pulse);
                }
            };
        } catch (FleetException e) {
            injector.heal();
            return new Episode.NotRecovered(
                    fault,
                    at,
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private Episode recovery(Fault fault, Duration at, long hurtNs, Pulse pulse) {
        long healedNs = System.nanoTime();
        Optional<Duration> ready = Optional.empty();
        Optional<Duration> kept = Optional.empty();
        while (ready.isEmpty() || kept.isEmpty()) {
            if (since(healedNs).compareTo(RECOVERY_BOUND) > 0) {
                return new Episode.NotRecovered(fault, at, trouble(ready.isPresent()));
            }
            pause(LOOK_EVERY.toNanos());
            ready = ready.isEmpty() && allReady() ? Optional.of(since(healedNs)) : ready;
            kept = pulse.paceSince(healedNs, pace);
        }
        return new Episode.Recovered(fault, at, Duration.ofNanos(healedNs - hurtNs), ready.get(), kept.get());
    }

    private String trouble(boolean ready) {
        String what = ready
                ? "orders are not decided at the old pace"
                : "not ready: "
                        + fleet.parts().stream()
                                .filter(part -> !fleet.ready(part))
                                .toList();
        return what + " after " + RECOVERY_BOUND.toSeconds() + " s";
    }

    private boolean allReady() {
        return fleet.parts().stream().allMatch(fleet::ready);
    }

    private void say(Episode episode) {
        progress.say(
                switch (episode) {
                    case Episode.Recovered well ->
                        String.format(
                                Locale.ROOT,
                                "  lasted %.1f s; all ready %.1f s and the old pace %.1f s after that",
                                well.lasted().toMillis() / 1e3,
                                well.ready().toMillis() / 1e3,
                                well.pace().toMillis() / 1e3);
                    case Episode.NotRecovered ill -> "  not recovered: " + ill.why();
                    case Episode.Skipped none -> "  skipped: " + none.why();
                });
    }

    private Outcome judge(Schedule schedule, Duration longestSilence) {
        injector.close();
        fleet.parts().forEach(part -> fleet.awaitReady(part, RECOVERY_BOUND));
        URI postgres = URI.create(fleet.jdbcUrl("orders").substring("jdbc:".length()));
        Auditor auditor = new Auditor(
                new Databases(postgres.getHost(), postgres.getPort(), PostgresServer.USER, PostgresServer.PASSWORD),
                fleet.address("card-network"));
        progress.say("everything is healed; the fleet settles");
        boolean settled = auditor.settle(SETTLE_BOUND);
        try {
            return new Outcome(
                    schedule,
                    episodes,
                    promises.answers(),
                    books.standing().decided(),
                    books.deadLetters(),
                    longestSilence,
                    settled,
                    auditor.audit(),
                    promises.brokenBy(books.byKey()));
        } catch (SQLException e) {
            throw new FleetException("The databases cannot be read: " + e.getMessage(), e);
        }
    }

    private URI gateway() {
        return URI.create(fleet.address("gateway"));
    }

    private Target target() {
        return new Target(
                fleet.jdbcUrl(""),
                PostgresServer.USER,
                PostgresServer.PASSWORD,
                fleet.bootstrapServers(),
                Map::of,
                _ -> 0,
                folder);
    }

    private static Duration since(long ns) {
        return Duration.ofNanos(System.nanoTime() - ns);
    }

    private static void pause(long ns) {
        long endNs = System.nanoTime() + ns;
        for (long left = ns; left > 0; left = endNs - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
