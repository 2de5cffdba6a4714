package caravan.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** docker-compose.yml as whoever starts it relies on it. */
class ComposeTest {
    /** Said in its first lines and in the README. */
    private static final int MEGABYTES = 9 * 1024;

    /** They end, or are run by hand. */
    private static final Set<String> NOT_FOR_LONG = Set.of("secrets", "demo");

    /** Where images say it, or the network does: not in compose. */
    private static final Set<String> SAID_ELSEWHERE = Set.of(
            "QUARKUS_HTTP_HOST",
            "QUARKUS_HTTP_PORT",
            "QUARKUS_MANAGEMENT_HOST",
            "QUARKUS_MANAGEMENT_PORT",
            // The default is what the database's owner is called.
            "CARAVAN_DB_USER",
            // Everybody reaches the gateway itself.
            "CARAVAN_GATEWAY_TRUSTED_PROXIES");

    private static Map<String, Map<String, Object>> services = Map.of();

    @BeforeAll
    @SuppressWarnings("unchecked")
    static void reads() throws IOException {
        try (Reader text = Files.newBufferedReader(Checkout.find().root().resolve("docker-compose.yml"))) {
            Map<String, Object> compose = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
            services = (Map<String, Map<String, Object>>) Objects.requireNonNull(compose.get("services"));
        }
    }

    @Test
    void limitsTheMemoryOfEveryContainer() {
        int sum = services.entrySet().stream()
                .filter(service -> !NOT_FOR_LONG.contains(service.getKey()))
                .mapToInt(service -> megabytes(service.getValue().get("mem_limit")))
                .sum();

        assertThat(sum).isEqualTo(MEGABYTES);
    }

    @Test
    void hasNoSecretInTheFile() {
        services.forEach((name, service) -> environment(service)
                .forEach((variable, value) -> assertThat(variable)
                        .as("%s of %s: a file that says it, not the thing itself", variable, name)
                        .satisfiesAnyOf(
                                plain -> assertThat(plain).doesNotContainPattern("PASSWORD|SECRET"),
                                file -> assertThat(file).endsWith("_FILE"))));
    }

    @Test
    void opensPortsOnTheLoopbackAlone() {
        services.values().stream()
                .flatMap(service -> list(service.get("ports")).stream())
                .forEach(port -> assertThat(port).startsWith("127.0.0.1:"));
    }

    /** What the fleet without containers sets is set here, too, or says why not. */
    @Test
    void tellsServicesWhatTheLocalFleetTellsThem() {
        ServiceEnvironment local = new ServiceEnvironment(options(), credentials());
        Set<String> secrets = new TreeSet<>(credentials().gatewayEnvironment().keySet());
        secrets.add("CARAVAN_ORDER_CURSOR_SECRET");
        secrets.add("CARAVAN_DB_PASSWORD");
        for (String service : Ports.SERVICES) {
            Set<String> wanted = new TreeSet<>(local.of(service).keySet());
            wanted.removeAll(SAID_ELSEWHERE);
            wanted.removeAll(secrets);
            // Each is told of all addresses there; here of those that it has a way to.
            wanted.removeIf(variable -> isOfAnother(variable, service));

            assertThat(environment(service(service)).keySet()).as(service).containsAll(wanted);
        }
    }

    @Test
    void startsServicesWithoutRights() {
        for (String service : Ports.SERVICES) {
            assertThat(service(service))
                    .as(service)
                    .containsEntry("read_only", true)
                    .containsEntry("cap_drop", List.of("ALL"))
                    .containsEntry("security_opt", List.of("no-new-privileges:true"))
                    .containsKey("healthcheck");
        }
    }

    @Test
    void waitsForWhatIsHealthy() {
        services.forEach((name, service) -> map(service.get("depends_on"))
                .forEach((needed, how) -> assertThat(map(how).get("condition"))
                        .as("%s needs %s", name, needed)
                        .isEqualTo(needed.equals("secrets") ? "service_completed_successfully" : "service_healthy")));
        for (String service : Ports.SERVICES) {
            assertThat(map(service(service).get("depends_on")))
                    .as(service)
                    .containsOnlyKeys("secrets", "postgres", "pgbouncer", "kafka", "redis");
        }
    }

    private static boolean isOfAnother(String variable, String service) {
        Map<String, String> owners = Map.of(
                "CARAVAN_PAYMENT_", "payment-service",
                "CARAVAN_NOTIFICATION_", "notification-service",
                "CARAVAN_GATEWAY_", "gateway");
        return owners.entrySet().stream()
                .anyMatch(owner ->
                        variable.startsWith(owner.getKey()) && !owner.getValue().equals(service));
    }

    private static FleetOptions options() {
        Consumer<String> nobody = _ -> {};
        Path nowhere = Path.of("nowhere");
        return new FleetOptions(nowhere, nowhere, Ports.standard(0), Set.of(), Map.of(), nobody).traced();
    }

    private static Credentials credentials() {
        Credentials.Login login = new Credentials.Login("a@caravan.example", "b");
        return new Credentials(login, login, new Credentials.Client("c", "d"), "e", "f");
    }

    private static Map<String, Object> service(String name) {
        return services.getOrDefault(name, Map.of());
    }

    private static int megabytes(@Nullable Object limit) {
        assertThat(String.valueOf(limit)).endsWith("m");
        return Integer.parseInt(String.valueOf(limit).replace("m", ""));
    }

    private static Map<String, Object> environment(Map<String, Object> service) {
        return map(service.get("environment"));
    }

    private static Map<String, Object> map(@Nullable Object value) {
        Map<String, Object> map = new HashMap<>();
        if (value instanceof Map<?, ?> pairs) {
            pairs.forEach((key, each) -> map.put(String.valueOf(key), each));
        }
        return map;
    }

    private static List<String> list(@Nullable Object value) {
        return value instanceof List<?> items
                ? items.stream().map(String::valueOf).toList()
                : List.of();
    }
}
