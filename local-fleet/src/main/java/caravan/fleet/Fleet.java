package caravan.fleet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All parts of Caravan on this machine: PostgreSQL, Kafka and Redis as processes, the two simulators inside this JVM, then the services as processes. Followers (the
 * replica) start beside the services, and nobody waits for them. What dies is started again. Safe for use by several threads.
 */
public final class Fleet implements AutoCloseable {
    /** Measured on two cores: more JVMs that start at once only make each other wait. */
    private static final int STARTS_AT_ONCE = 4;

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final FleetOptions options;
    private final DataFolder folder;
    private final Console console;
    private final FleetLock lock;
    private final List<Keeper> infrastructure;
    private final List<Keeper> followers;
    private final List<Keeper> services;
    private final Map<String, Ports.OfService> replicas = new ConcurrentHashMap<>();
    private final LogSizes logSizes;
    private final AtomicBoolean ready = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final List<AutoCloseable> simulators = Collections.synchronizedList(new ArrayList<>());
    private volatile @Nullable TraceSink traces;

    private Fleet(FleetOptions options, DataFolder folder, Console console, FleetLock lock) {
        FleetPlan plan = new FleetPlan(options, folder);
        this.options = options;
        this.folder = folder;
        this.console = console;
        this.lock = lock;
        this.infrastructure = plan.infrastructure().stream().map(this::keeper).toList();
        this.followers = new CopyOnWriteArrayList<>(
                plan.followers(console::say).stream().map(this::keeper).toList());
        this.services = new CopyOnWriteArrayList<>(
                plan.services().stream().map(this::keeper).toList());
        this.logSizes =
                new LogSizes(Stream.concat(keepers().map(keeper -> keeper.part().name()), Stream.of(AlertLog.NAME))
                        .map(folder::log)
                        .toList());
    }

    /**
     * Starts everything and returns when all of it but the followers is ready. Data of an earlier run is used again; processes that an earlier supervisor left behind
     * are ended.
     *
     * @throws FleetException when one part cannot start; nothing is left running then
     */
    public static Fleet start(FleetOptions options) {
        Fleet fleet = prepare(options);
        try {
            fleet.startAll();
            return fleet;
        } catch (RuntimeException e) {
            fleet.close();
            throw e;
        }
    }

    /** Everything before the first process: the caller can already arrange to close it. */
    static Fleet prepare(FleetOptions options) {
        Console console = new Console(options.console());
        DataFolder folder = new DataFolder(options.folder());
        FreeSpace.require(folder.root());
        FleetLock lock = FleetLock.take(folder);
        try {
            LeftOvers.end(folder, console);
            return new Fleet(options, folder, console, lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    void startAll() {
        requireFreePorts();
        if (!options.pooled() && !options.without().contains(PgBouncer.NAME)) {
            console.say("pgbouncer is not installed: services connect to PostgreSQL directly ("
                    + PgBouncer.HOW_TO_INSTALL + ")");
        }
        if (options.observability() != null && !options.watched()) {
            console.say("prometheus or prometheus-alertmanager is not installed: nobody looks on ("
                    + Alertmanager.HOW_TO_INSTALL + ")");
        }
        publish();
        startSimulators();
        together(infrastructure, infrastructure.size());
        followers.forEach(Keeper::startUnattended);
        together(services, STARTS_AT_ONCE);
        ready.set(true);
        publish();
        logSizes.watch();
    }

    /** {@code http://host:port} of a service, of {@code card-network}, {@code mail}, {@code traces}, {@code prometheus} or {@code alertmanager}. */
    public String address(String name) {
        return switch (name) {
            case "card-network" ->
                "http://" + Sockets.HOST + ":" + options.ports().cardNetwork();
            case "traces" -> "http://" + Sockets.HOST + ":" + options.ports().traces();
            case "mail" -> "http://" + Sockets.HOST + ":" + options.ports().mailPage();
            case Prometheus.NAME ->
                "http://" + Sockets.HOST + ":" + options.ports().prometheus();
            case Alertmanager.NAME ->
                "http://" + Sockets.HOST + ":" + options.ports().alertmanager();
            default -> "http://" + Sockets.HOST + ":" + ports(name).http();
        };
    }

    /** {@code http://host:port} of a service's health and metrics. */
    public String managementAddress(String service) {
        return "http://" + Sockets.HOST + ":" + ports(service).management();
    }

    private Ports.OfService ports(String service) {
        Ports.OfService replica = replicas.get(service);
        return replica == null ? options.ports().of(service) : replica;
    }

    /** Log in as {@link PostgresServer#USER} with {@link PostgresServer#PASSWORD}. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + Sockets.HOST + ":" + options.ports().postgresql() + "/" + database;
    }

    /** Of PgBouncer, where it is installed: a database's name, that of its copy ({@link PgBouncer#REPLICA}), or {@code pgbouncer} for its figures. */
    public String poolerUrl(String database) {
        return "postgresql://" + Sockets.HOST + ":" + options.ports().pgbouncer() + "/" + database;
    }

    /** Of the replica, for reading only; it is ready after {@link #awaitReady}. */
    public String replicaJdbcUrl(String database) {
        return "jdbc:postgresql://" + Sockets.HOST + ":" + options.ports().postgresqlReplica() + "/" + database;
    }

    public int redisPort() {
        return options.ports().redis();
    }

    public String bootstrapServers() {
        return Sockets.HOST + ":" + options.ports().kafka();
    }

    /**
     * What has come of the traces of this fleet.
     *
     * @throws FleetException when it is not {@link FleetOptions#traced()}
     */
    public TraceSink traces() {
        TraceSink sink = traces;
        if (sink == null) {
            throw new FleetException("This fleet keeps no traces.");
        }
        return sink;
    }

    public Path log(String part) {
        return folder.log(part);
    }

    /** Who may use this fleet. */
    public Credentials credentials() {
        return Credentials.of(folder);
    }

    /**
     * Starts one more process of a service and returns when it is ready.
     *
     * @return its name, for {@link #kill} and the like
     */
    public String startReplica(String service) {
        return startReplica(service, Map.of());
    }

    /**
     * The same, with settings of its own: environment variables, which win over the fleet's.
     */
    public String startReplica(String service, Map<String, String> settings) {
        return startReplica(service, settings, options.checkout());
    }

    /**
     * The same, of another build.
     *
     * @param checkout where it was built
     */
    public String startReplica(String service, Map<String, String> settings, Path checkout) {
        List<Integer> free = Sockets.free(2);
        String name = service + "-" + (replicas.size() + 2);
        Ports.OfService ports = new Ports.OfService(free.get(0), free.get(1));
        Keeper keeper =
                keeper(new FleetPlan(options, folder).replica(service, name, ports, settings, new Checkout(checkout)));
        replicas.put(name, ports);
        services.add(keeper);
        try {
            keeper.start();
        } catch (FleetException e) {
            services.remove(keeper);
            throw e;
        }
        return name;
    }

    /** Ends one that {@link #startReplica} has started, in good order. Its name is not given again. */
    public void stopReplica(String name) {
        if (!replicas.containsKey(name)) {
            throw new FleetException(name + " was not started as a replica.");
        }
        stopService(name);
    }

    /** What became of a process that was asked to end: 143 is what a JVM says that ended when asked to, 137 one that was killed. */
    public record Ended(int exitCode, Duration took) {}

    /** Ends one process of a service in good order, the first of it too; it is not started again. */
    public Ended stopService(String name) {
        Keeper keeper = keeper(name);
        Child child = keeper.child();
        if (child == null || !services.contains(keeper)) {
            throw new FleetException(name + " is no service that runs.");
        }
        long askedNs = System.nanoTime();
        keeper.close();
        Duration took = Duration.ofNanos(System.nanoTime() - askedNs);
        services.remove(keeper);
        publish();
        return new Ended(child.exitCode(), took);
    }

    /**
     * Starts Prometheus and Alertmanager beside a fleet that runs, and returns when both are ready. What they find is in the {@link #log} of {@code alerts}.
     *
     * @param configuration laid out like the checkout's {@code observability}
     * @throws FleetException when they are not installed, with the command that brings them
     */
    public void observe(Path configuration) {
        List<Keeper> onlookers = new FleetPlan(options.observedBy(configuration), folder)
                .onlookers().stream().map(this::keeper).toList();
        if (onlookers.isEmpty()) {
            throw new FleetException(
                    "Prometheus or Alertmanager is not installed: " + Alertmanager.HOW_TO_INSTALL + ".");
        }
        startAlertLog();
        followers.addAll(onlookers);
        onlookers.forEach(Keeper::start);
    }

    /** Stops what {@link #observe} has started; its data stays. */
    public void observeNoMore() {
        for (String name : List.of(Prometheus.NAME, Alertmanager.NAME)) {
            Keeper keeper = keeper(name);
            keeper.close();
            followers.remove(keeper);
        }
        simulators.stream().filter(AlertLog.class::isInstance).toList().forEach(log -> {
            closeQuietly(log);
            simulators.remove(log);
        });
        publish();
    }

    /** Stops a part's threads where they are (SIGSTOP): it listens and says nothing. */
    public void pause(String part) {
        signal(part, "STOP");
    }

    public void resume(String part) {
        signal(part, "CONT");
    }

    private void signal(String part, String signal) {
        processes(part).forEach(process -> PidFile.signal(process, signal));
    }

    /**
     * The processes that a part consists of now.
     *
     * @throws FleetException when it does not run
     */
    public List<ProcessHandle> processes(String part) {
        Child child = keeper(part).child();
        if (child == null) {
            throw new FleetException(part + " does not run.");
        }
        return ProcessHandle.of(child.pid())
                .map(first -> PartProcesses.of(part, first))
                .orElse(List.of());
    }

    /** Everything that runs as a process of its own. */
    public List<String> parts() {
        return keepers().map(keeper -> keeper.part().name()).toList();
    }

    /** Kills a part with SIGKILL and returns when it is gone; it is started again without further ado. */
    public void kill(String part) {
        keeper(part).kill();
    }

    public void killKafka() {
        kill("kafka");
    }

    /** How often a part was started again. */
    public int restarts(String part) {
        return keeper(part).restarts();
    }

    /** Whether a part does its work now; one bounded look. */
    public boolean ready(String part) {
        return keeper(part).ready();
    }

    /**
     * Waits until a part is ready, also one that is being started again.
     *
     * @throws FleetException when it is not ready in time; the message ends with the last lines of its log
     */
    public void awaitReady(String part, Duration bound) {
        Keeper keeper = keeper(part);
        long endNs = System.nanoTime() + bound.toNanos();
        while (!keeper.ready()) {
            if (System.nanoTime() > endNs) {
                Child child = keeper.child();
                throw new FleetException(part + " was not ready within " + bound.toSeconds() + " s."
                        + (child == null ? "" : child.lastLines()));
            }
            Sockets.pause(LOOK_EVERY.toMillis());
        }
    }

    /** Stops the services and followers, then the infrastructure, and returns when all are gone. The data stays. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        logSizes.close();
        // A replica that stands still would hold up its primary's end.
        stopTogether(Stream.concat(services.stream(), followers.stream()).toList());
        stopTogether(infrastructure);
        simulators.forEach(Fleet::closeQuietly);
        FleetState.remove(folder);
        lock.close();
    }

    private Keeper keeper(Part part) {
        return new Keeper(part, folder, console, this::publish);
    }

    private Stream<Keeper> keepers() {
        return Stream.of(infrastructure, followers, services).flatMap(List::stream);
    }

    private Keeper keeper(String name) {
        return keepers()
                .filter(keeper -> keeper.part().name().equals(name))
                .findAny()
                .orElseThrow(() -> new FleetException("There is no '" + name + "' in this fleet."));
    }

    private void requireFreePorts() {
        keepers()
                .map(Keeper::part)
                .forEach(part -> part.ports().forEach(port -> Sockets.requireFree(port, part.name())));
        Sockets.requireFree(options.ports().smtp(), "the mail sink");
        Sockets.requireFree(options.ports().mailPage(), "the mail page");
        Sockets.requireFree(options.ports().cardNetwork(), "the card network");
        if (options.tracing()) {
            Sockets.requireFree(options.ports().traces(), "the trace sink");
        }
        if (options.watched()) {
            Sockets.requireFree(options.ports().alerts(), "the log of alerts");
        }
    }

    private void startSimulators() {
        Ports ports = options.ports();
        if (!options.without().contains(CardNetworkProgram.NAME) && options.exposure() == null) {
            simulators.add(CardNetwork.start(
                    ports.cardNetwork(), folder.data("card-network").resolve("journal.jsonl")));
            console.say("card-network is ready on port " + ports.cardNetwork());
        }
        if (!options.without().contains("mail")) {
            simulators.add(MailSink.start(
                    ports.smtp(), ports.mailPage(), folder.data("mail").resolve("mails.jsonl")));
            console.say("the mail sink is ready on port " + ports.smtp());
        }
        startTraceSink();
        if (options.watched()) {
            startAlertLog();
        }
    }

    private void startTraceSink() {
        if (options.tracing()) {
            TraceSink sink = TraceSink.start(options.ports().traces());
            traces = sink;
            simulators.add(sink);
            console.say("the trace sink is ready on port " + options.ports().traces());
        }
    }

    private void startAlertLog() {
        simulators.add(AlertLog.start(options.ports().alerts(), folder.log(AlertLog.NAME), console::say));
    }

    private void together(List<Keeper> keepers, int atOnce) {
        try (ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, atOnce))) {
            CompletableFuture<?> failure = new CompletableFuture<>();
            CompletableFuture<?>[] starts = keepers.stream()
                    .map(keeper -> CompletableFuture.runAsync(keeper::start, threads))
                    .toArray(CompletableFuture<?>[]::new);
            for (CompletableFuture<?> start : starts) {
                var _ = start.exceptionally(trouble -> {
                    failure.completeExceptionally(trouble);
                    return null;
                });
            }
            try {
                CompletableFuture.anyOf(failure, CompletableFuture.allOf(starts))
                        .join();
            } catch (CompletionException e) {
                // The first failure decides: those that wait need not start at all.
                threads.shutdownNow();
                throw cause(e);
            }
        }
    }

    private static RuntimeException cause(CompletionException e) {
        return e.getCause() instanceof FleetException known ? known : e;
    }

    private static void stopTogether(List<Keeper> keepers) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            keepers.forEach(keeper -> threads.execute(keeper::close));
        }
    }

    private static void closeQuietly(AutoCloseable simulator) {
        try {
            simulator.close();
        } catch (Exception e) {
            System.err.println("While stopping: " + e.getMessage());
        }
    }

    private synchronized void publish() {
        List<FleetState.PartState> parts = keepers().map(Fleet::state).toList();
        new FleetState(ready.get(), parts).write(folder);
    }

    private static FleetState.PartState state(Keeper keeper) {
        @Nullable Child child = keeper.child();
        long pid = child == null ? 0 : child.pid();
        return new FleetState.PartState(keeper.part().name(), keeper.part().ports(), pid, keeper.restarts());
    }
}
