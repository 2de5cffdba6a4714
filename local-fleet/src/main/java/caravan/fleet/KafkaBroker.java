package caravan.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/** One Kafka broker and controller (KRaft) in a JVM of its own. Acknowledged records survive a power cut. */
public final class KafkaBroker implements Part {
    /** Any fixed value will do: the folder belongs to this broker alone. */
    private static final String CLUSTER_ID = "Q2FyYXZhbkxvY2FsRmxlZQ";

    private static final List<String> JVM_FLAGS = List.of(
            "-Xms64m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:ReservedCodeCacheSize=64m",
            "-XX:MaxDirectMemorySize=64m",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS");

    /** Another way to the broker, for whoever relays what comes to {@code port} on 127.0.0.1: it listens on the same port of {@link #HOST}. */
    public record Listener(String name, int port) {
        /** Every address of 127.0.0.0/8 is this machine, on Linux: no port of its own to look for. */
        public static final String HOST = "127.0.0.2";
    }

    private final int port;
    private final int controllerPort;
    private final Path home;
    private final Path lib;
    private final List<Listener> more;

    public KafkaBroker(int port, int controllerPort, Path home) {
        this(port, controllerPort, home, Checkout.find().kafkaLib());
    }

    KafkaBroker(int port, int controllerPort, Path home, Path lib) {
        this(port, controllerPort, home, lib, List.of());
    }

    KafkaBroker(int port, int controllerPort, Path home, Path lib, List<Listener> more) {
        this.port = port;
        this.controllerPort = controllerPort;
        this.home = home;
        this.lib = lib;
        this.more = List.copyOf(more);
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public List<Integer> ports() {
        return List.of(port, controllerPort);
    }

    public String bootstrapServers() {
        return Sockets.HOST + ":" + port;
    }

    @Override
    public void prepare(Path log) {
        writeSettings();
        if (!Files.exists(logs().resolve("meta.properties"))) {
            DataFolder.delete(logs());
            List<String> arguments = List.of(
                    "format",
                    "--cluster-id",
                    CLUSTER_ID,
                    "--config",
                    settingsFile().toString());
            Command.run("format Kafka's data folder", jvm("kafka.tools.StorageTool", arguments), log);
        }
    }

    @Override
    public List<String> command() {
        return jvm("kafka.Kafka", List.of(settingsFile().toString()));
    }

    /** The broker opens its port to clients only when it has caught up with its own metadata. */
    @Override
    public boolean ready() {
        return Sockets.accepts(port);
    }

    @Override
    public Duration stopBound() {
        return Duration.ofSeconds(20);
    }

    private List<String> jvm(String mainClass, List<String> arguments) {
        List<String> program = new java.util.ArrayList<>(List.of("-cp", lib + "/*", mainClass));
        program.addAll(arguments);
        return Command.java(JVM_FLAGS, program);
    }

    private void writeSettings() {
        Properties settings = settings();
        try {
            Files.createDirectories(home);
            try (var out = Files.newBufferedWriter(settingsFile())) {
                settings.store(out, "Written at each start by caravan.fleet.KafkaBroker");
            }
        } catch (IOException e) {
            throw new FleetException("Cannot write to " + home + ": " + e.getMessage(), e);
        }
    }

    private Properties settings() {
        Properties s = new Properties();
        s.put("process.roles", "broker,controller");
        s.put("node.id", "1");
        s.put("controller.quorum.voters", "1@" + Sockets.HOST + ":" + controllerPort);
        s.put("controller.listener.names", "CONTROLLER");
        listeners(s);
        s.put("log.dirs", logs().toString());
        // Topics are made on purpose, with their partition count; a typing error must not make one.
        s.put("auto.create.topics.enable", "false");
        // Kafka's durability is replication. With a single broker it has to be fsync: without it an acknowledged record
        // is lost at a power cut.
        s.put("log.flush.interval.messages", "1");
        // One broker: everything has one replica, and two partitions are plenty for the groups of seven services.
        s.put("default.replication.factor", "1");
        s.put("offsets.topic.replication.factor", "1");
        s.put("offsets.topic.num.partitions", "2");
        s.put("transaction.state.log.replication.factor", "1");
        s.put("transaction.state.log.min.isr", "1");
        s.put("transaction.state.log.num.partitions", "2");
        s.put("share.coordinator.state.topic.replication.factor", "1");
        s.put("share.coordinator.state.topic.min.isr", "1");
        s.put("share.coordinator.state.topic.num.partitions", "1");
        // A killed broker may register again only when its old session has expired: that, not recovery, is most of a
        // restart.
        s.put("broker.session.timeout.ms", "3000");
        s.put("broker.heartbeat.interval.ms", "500");
        // A lone consumer need not wait for others to join, and a killed one is missed after seconds, not 45 of them.
        s.put("group.initial.rebalance.delay.ms", "0");
        s.put("group.min.session.timeout.ms", "1000");
        // A day and 128 MB a partition at most; 12 partitions a topic make small segments worthwhile.
        s.put("log.retention.hours", "24");
        // Whole segments are deleted, one a week by default: a quiet topic would keep what is older than the replay
        // window (protocol, rule 11).
        s.put("log.roll.hours", "12");
        s.put("log.retention.bytes", Integer.toString(128 << 20));
        s.put("log.segment.bytes", Integer.toString(16 << 20));
        s.put("log.index.size.max.bytes", Integer.toString(1 << 20));
        s.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
        s.put("message.max.bytes", Integer.toString(1 << 20));
        s.put("num.network.threads", "2");
        s.put("num.io.threads", "4");
        return s;
    }

    private void listeners(Properties s) {
        String own = "PLAINTEXT://" + Sockets.HOST + ":" + port;
        s.put("listeners", own + ",CONTROLLER://" + Sockets.HOST + ":" + controllerPort + more(Listener.HOST));
        s.put("advertised.listeners", own + more(Sockets.HOST));
        s.put(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"
                        + more.stream()
                                .map(listener -> "," + listener.name() + ":PLAINTEXT")
                                .collect(Collectors.joining()));
    }

    private String more(String host) {
        return more.stream()
                .map(listener -> "," + listener.name() + "://" + host + ":" + listener.port())
                .collect(Collectors.joining());
    }

    private Path logs() {
        return home.resolve("logs");
    }

    private Path settingsFile() {
        return home.resolve("server.properties");
    }
}
