package caravan.fleet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One of the seven services: its packaged Quarkus application in a JVM with bounded memory. */
final class ServiceProgram implements Part {
    /** Chosen so that the whole fleet stays under 2.5 GB: about 200 MB resident a service. */
    private static final List<String> JVM_FLAGS = List.of(
            // Seven collectors with threads of their own would fight for two cores.
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-Xss512k",
            "-XX:MaxMetaspaceSize=128m",
            "-XX:ReservedCodeCacheSize=64m",
            "-XX:MaxDirectMemorySize=64m",
            // A JVM without memory limps; one that ended is started again.
            "-XX:+ExitOnOutOfMemoryError",
            // Standing still costs nothing: heap that a burst needed goes back to the system.
            "-XX:MinHeapFreeRatio=20",
            "-XX:MaxHeapFreeRatio=40",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private static final Map<String, Heap> HEAPS = Map.of(
            // One password's hash takes 19 MB while it lasts, and two are made at once.
            "gateway", new Heap(192, 48),
            // Requests, three topics and the views of orders under way: a seventh of its CPU time went into collections
            // at 48 MB.
            "order-service", new Heap(192, 96));

    private static final Heap SMALL_HEAP = new Heap(128, 48);

    private final String name;
    private final Ports.OfService ports;
    private final Path runner;
    private final StartCaches caches;
    private final Map<String, String> environment;

    ServiceProgram(
            String name, Ports.OfService ports, Path runner, StartCaches caches, Map<String, String> environment) {
        this.name = name;
        this.ports = ports;
        this.runner = runner;
        this.caches = caches;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Integer> ports() {
        return List.of(ports.http(), ports.management());
    }

    @Override
    public void prepare(Path log) {
        if (!Files.isRegularFile(runner)) {
            throw new FleetException(name + " is not built (" + runner + " is missing): run 'mvn -q -B -DskipTests -pl "
                    + name + " -am package'.");
        }
    }

    @Override
    public List<String> command() {
        List<String> flags = jvmFlags(name);
        flags.addAll(ofEnvironment("CARAVAN_JAVA_OPTS"));
        flags.addAll(ofEnvironment(
                "CARAVAN_JAVA_OPTS_" + name.toUpperCase(Locale.ROOT).replace('-', '_')));
        flags.addAll(caches.flags(name, List.copyOf(flags), runner));
        return Command.java(flags, List.of("-jar", runner.toString()));
    }

    static List<String> jvmFlags(String service) {
        List<String> flags = new ArrayList<>(JVM_FLAGS);
        flags.addAll(
                HEAPS.getOrDefault(service.replaceAll("-\\d+$", ""), SMALL_HEAP).flags());
        return flags;
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public boolean ready() {
        return Probe.health(ports.management());
    }

    @Override
    public void onReady() {
        caches.started(name);
    }

    @Override
    public Duration startBound() {
        return Duration.ofSeconds(90);
    }

    @Override
    public Duration stopBound() {
        return Duration.ofSeconds(30);
    }

    private static List<String> ofEnvironment(String variable) {
        String value = System.getenv().getOrDefault(variable, "").strip();
        return value.isEmpty() ? List.of() : List.of(value.split("\\s+"));
    }

    /** Sizes in megabytes; {@code young} of {@code most} is the young generation. */
    private record Heap(int most, int young) {
        /** The objects of an archive of linked classes are loaded into it; without room for them the JVM does not start. */
        private static final int OLD_AT_FIRST = 48;

        List<String> flags() {
            return List.of("-Xms" + (young + OLD_AT_FIRST) + "m", "-Xmx" + most + "m", "-Xmn" + young + "m");
        }
    }
}
