package caravan.fleet;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Who may use this fleet, and the secrets of its services: made at the first start, random, and kept in files that only their
 * owner may read. {@code reset} removes them together with the accounts they are for.
 *
 * @param customer places orders
 * @param operator edits the catalogue and repairs
 * @param client a program that places orders
 * @param gatewaySecret from it the gateway derives what protects its keys and refresh tokens
 * @param cursorSecret signs list cursors
 */
public record Credentials(Login customer, Login operator, Client client, String gatewaySecret, String cursorSecret) {

    /** For people, as they log in. */
    public record Login(String email, String password) {}

    /** For programs (RFC 6749, section 4.4). */
    public record Client(String clientId, String clientSecret) {}

    static final String FILE = "credentials.json";
    static final String SECRETS_FILE = "secrets.json";

    /** In bytes. */
    private static final int SECRET = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * Those of the fleet in this folder; made when there are none.
     *
     * @throws FleetException when the files are there and cannot be read, or cannot be written
     */
    static Credentials of(DataFolder folder) {
        JsonObject people = readOrMake(folder.root().resolve(FILE), Credentials::newPeople);
        JsonObject secrets = readOrMake(folder.root().resolve(SECRETS_FILE), Credentials::newSecrets);
        JsonObject client = people.getJsonObject("client", new JsonObject());
        return new Credentials(
                login(people, "customer"),
                login(people, "operator"),
                new Client(text(client, "clientId"), text(client, "clientSecret")),
                text(secrets, "gateway"),
                text(secrets, "cursor"));
    }

    /** What the gateway is told to have accounts for. */
    Map<String, String> gatewayEnvironment() {
        Map<String, String> e = new LinkedHashMap<>();
        e.put("CARAVAN_GATEWAY_SECRET", gatewaySecret);
        e.put("CARAVAN_GATEWAY_BOOTSTRAP_CUSTOMER_EMAIL", customer.email());
        e.put("CARAVAN_GATEWAY_BOOTSTRAP_CUSTOMER_PASSWORD", customer.password());
        e.put("CARAVAN_GATEWAY_BOOTSTRAP_CUSTOMER_NAME", "Demo Customer");
        e.put("CARAVAN_GATEWAY_BOOTSTRAP_OPERATOR_EMAIL", operator.email());
        e.put("CARAVAN_GATEWAY_BOOTSTRAP_OPERATOR_PASSWORD", operator.password());
        e.put("CARAVAN_GATEWAY_BOOTSTRAP_OPERATOR_NAME", "Operator");
        e.put("CARAVAN_GATEWAY_BOOTSTRAP_CLIENT_ID", client.clientId());
        e.put("CARAVAN_GATEWAY_BOOTSTRAP_CLIENT_SECRET", client.clientSecret());
        e.put("CARAVAN_GATEWAY_BOOTSTRAP_CLIENT_NAME", "Demo API client");
        e.put("CARAVAN_GATEWAY_BOOTSTRAP_CLIENT_EMAIL", "client@caravan.example");
        return e;
    }

    private static Login login(JsonObject people, String who) {
        JsonObject login = people.getJsonObject(who, new JsonObject());
        return new Login(text(login, "email"), text(login, "password"));
    }

    private static String text(JsonObject json, String field) {
        String text = json.getString(field);
        if (text == null || text.isBlank()) {
            throw new FleetException("'" + field + "' is missing in " + FILE + " or " + SECRETS_FILE
                    + ": put it back, or remove both together with the data ('./caravan reset').");
        }
        return text;
    }

    private static JsonObject newPeople() {
        return new JsonObject()
                .put("customer", person("demo@caravan.example"))
                .put("operator", person("operator@caravan.example"))
                .put(
                        "client",
                        new JsonObject()
                                .put("clientId", UUID.randomUUID().toString())
                                .put("clientSecret", random()));
    }

    private static JsonObject person(String email) {
        return new JsonObject().put("email", email).put("password", random());
    }

    private static JsonObject newSecrets() {
        return new JsonObject().put("gateway", random()).put("cursor", random());
    }

    static String random() {
        byte[] bytes = new byte[SECRET];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static JsonObject readOrMake(Path file, java.util.function.Supplier<JsonObject> make) {
        try {
            return new JsonObject(Files.readString(file));
        } catch (NoSuchFileException _) {
            JsonObject made = make.get();
            PrivateFile.write(file, made.encodePrettily() + "\n");
            return made;
        } catch (IOException | DecodeException e) {
            throw new FleetException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
