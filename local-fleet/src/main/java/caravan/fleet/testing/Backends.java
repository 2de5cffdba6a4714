package caravan.fleet.testing;

import caravan.fleet.CardNetwork;
import caravan.fleet.FleetException;
import caravan.fleet.MailSink;
import caravan.fleet.Sockets;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * PostgreSQL, Kafka and Redis for tests: embedded by default, containers with {@code -Dbackends=containers}. They start at their first use, once per JVM, and go
 * with it.
 *
 * <p>For a {@code @QuarkusTest}: {@code @WithTestResource(Backends.class)}; with the init arguments {@code cardnetwork=true} and {@code smtp=true} also the
 * simulators, with {@code replica=true} a streaming replica of the databases. For other tests: {@link #addresses()}. With {@code -Dbackends.pooled=true} services
 * reach their databases through PgBouncer.
 *
 * <p>Quarkus loads this class several times, by class loaders of its own. What is shared is therefore kept in system properties, and the simulators are looked at
 * over HTTP.
 */
public final class Backends implements QuarkusTestResourceLifecycleManager {
    private static final String CARD_NETWORK = "caravan.payment.network-url";
    private static final String SMTP_HOST = "caravan.notification.smtp-host";
    private static final String SMTP_PORT = "caravan.notification.smtp-port";
    private static final String MAIL_PAGE = "caravan.test.mail-url";
    private static final String REPLICA_HOST = "caravan.db.replica.host";
    private static final String REPLICA_PORT = "caravan.db.replica.port";
    private static final Duration BOUND = Duration.ofSeconds(5);

    private enum Kind {
        EMBEDDED,
        CONTAINERS
    }

    private boolean cardNetwork;
    private boolean smtp;
    private boolean replica;

    /** Starts the three servers unless this JVM has them, and says where they are. The databases exist and are empty at first. */
    public static BackendAddresses addresses() {
        return new BackendAddresses(oncePerJvm("servers", Backends::startServers));
    }

    /**
     * Starts a streaming replica of the databases unless this JVM has it. A test makes it lag by SQL there: {@code pg_wal_replay_pause()} and {@code
     * pg_wal_replay_resume()}.
     */
    public static String replicaJdbcUrl(String database) {
        Map<String, String> replica = oncePerJvm("replica", Backends::startReplica);
        return "jdbc:postgresql://" + value(replica, REPLICA_HOST) + ":" + value(replica, REPLICA_PORT) + "/"
                + database;
    }

    /**
     * Starts PgBouncer before the databases unless this JVM has it: the addresses of {@link #addresses()}, with its own in place of the databases'. SQL of a
     * test itself does not belong there.
     */
    public static BackendAddresses pooled() {
        return addresses().and(oncePerJvm("pooler", Backends::startPooler));
    }

    /** Starts the card network unless this JVM has it; {@code http://host:port}. */
    public static String cardNetworkUrl() {
        return value(oncePerJvm("cardnetwork", Backends::startCardNetwork), CARD_NETWORK);
    }

    /** {@code {captures, capturedMinor, reversals, refundedMinor}} of the card network of this JVM. */
    public static JsonObject cardLedger() {
        return new JsonObject(get(cardNetworkUrl() + "/v1/ledger"));
    }

    /** Switches the card network of this JVM to "up", "down" or "slow". */
    public static void cardNetworkMode(String mode) {
        String body = new JsonObject().put("mode", mode).encode();
        send(HttpRequest.newBuilder(URI.create(cardNetworkUrl() + "/admin"))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** The mails that reached the sink of this JVM for one address, oldest first. */
    public static List<JsonObject> mailsTo(String address) {
        String url = value(oncePerJvm("smtp", Backends::startMailSink), MAIL_PAGE);
        JsonArray mails =
                new JsonArray(get(url + "/messages?to=" + URLEncoder.encode(address, StandardCharsets.UTF_8)));
        return mails.stream().map(JsonObject.class::cast).toList();
    }

    /** An access token that the services of this JVM accept; {@code scopes} with spaces between them. */
    public static String token(UUID subject, String scopes) {
        return TokenIssuer.token(oncePerJvm("issuer", TokenIssuer::start), subject, scopes);
    }

    /** One more Redis, for a test that kills it. */
    public static OwnRedis ownRedis() {
        return EmbeddedBackends.ownRedis();
    }

    @Override
    public void init(Map<String, String> arguments) {
        cardNetwork = Boolean.parseBoolean(arguments.getOrDefault("cardnetwork", "false"));
        smtp = Boolean.parseBoolean(arguments.getOrDefault("smtp", "false"));
        replica = Boolean.parseBoolean(arguments.getOrDefault("replica", "false"));
    }

    @Override
    public Map<String, String> start() {
        BackendAddresses databases = Boolean.getBoolean("backends.pooled") ? pooled() : addresses();
        BackendAddresses all = databases.and(oncePerJvm("issuer", TokenIssuer::start));
        if (cardNetwork) {
            all = all.and(Map.of(CARD_NETWORK, cardNetworkUrl()));
        }
        if (smtp) {
            all = all.and(oncePerJvm("smtp", Backends::startMailSink));
        }
        if (replica) {
            all = all.and(oncePerJvm("replica", Backends::startReplica));
        }
        return all.config();
    }

    /** Nothing: the next test class of this JVM uses the same servers. */
    @Override
    public void stop() {}

    private static Map<String, String> startServers() {
        return switch (kind()) {
            case EMBEDDED -> EmbeddedBackends.start();
            case CONTAINERS -> ContainerBackends.start();
        };
    }

    private static Map<String, String> startReplica() {
        return switch (kind()) {
            case EMBEDDED -> EmbeddedBackends.startReplica(addresses());
            case CONTAINERS ->
                throw new FleetException(
                        "This test needs a replica of the databases, which -Dbackends=containers does not have: leave -Dbackends away.");
        };
    }

    private static Map<String, String> startPooler() {
        return switch (kind()) {
            case EMBEDDED -> EmbeddedBackends.startPooler(addresses());
            case CONTAINERS ->
                throw new FleetException(
                        "This test needs PgBouncer, which -Dbackends=containers does not have: leave -Dbackends away.");
        };
    }

    private static Kind kind() {
        String kind = System.getProperty("backends", "");
        // An unset Maven property arrives as its own name.
        boolean unset = kind.isBlank() || kind.startsWith("${");
        return switch (unset ? "embedded" : kind) {
            case "embedded" -> Kind.EMBEDDED;
            case "containers" -> Kind.CONTAINERS;
            default ->
                throw new FleetException(
                        "-Dbackends is '" + kind + "'; it can be embedded (the default) or containers.");
        };
    }

    // Both simulators live as long as this JVM.
    @SuppressWarnings("resource")
    private static Map<String, String> startCardNetwork() {
        int port = Sockets.free(1).getFirst();
        CardNetwork.start(port, temporaryFile("card-network.jsonl"));
        return Map.of(CARD_NETWORK, "http://" + Sockets.HOST + ":" + port);
    }

    @SuppressWarnings("resource")
    private static Map<String, String> startMailSink() {
        List<Integer> ports = Sockets.free(2);
        MailSink.start(ports.get(0), ports.get(1), temporaryFile("mails.jsonl"));
        return Map.of(
                SMTP_HOST,
                Sockets.HOST,
                SMTP_PORT,
                Integer.toString(ports.get(0)),
                MAIL_PAGE,
                "http://" + Sockets.HOST + ":" + ports.get(1));
    }

    private static Path temporaryFile(String name) {
        try {
            Path folder = Files.createTempDirectory("caravan-simulator-");
            Path file = folder.resolve(name);
            // In this order: the JVM removes them in the opposite one.
            folder.toFile().deleteOnExit();
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new FleetException("Cannot make a temporary folder: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> oncePerJvm(String what, Supplier<Map<String, String>> start) {
        String key = "caravan.backends." + what;
        // The one lock that all class loaders of this JVM see.
        synchronized (Runtime.getRuntime()) {
            String known = System.getProperty(key);
            if (known == null) {
                known = new JsonObject(Map.copyOf(start.get())).encode();
                System.setProperty(key, known);
            }
            return new JsonObject(known)
                    .stream().collect(Collectors.toMap(Map.Entry::getKey, e -> String.valueOf(e.getValue())));
        }
    }

    private static String value(Map<String, String> map, String key) {
        return map.getOrDefault(key, "");
    }

    private static String get(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).GET());
    }

    private static String send(HttpRequest.Builder request) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.timeout(BOUND).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new FleetException("A simulator of the tests does not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }
}
