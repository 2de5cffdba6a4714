package caravan.fleet.bench.gateway;

import caravan.fleet.FleetException;
import caravan.fleet.PrivateFile;
import caravan.fleet.bench.Progress;
import caravan.fleet.prefill.Cast;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Real sessions of real accounts. One customer may send ten requests a second, so that a thousand orders a second need more
 * than a hundred. They are registered once, which costs two password hashes each, and kept with their refresh tokens;
 * later runs only refresh.
 */
public final class Customers {

    /** Logins at a time: the gateway hashes two at once. */
    private static final int AT_ONCE = 4;

    private static final String FILE = "customers.json";
    private static final String EMAIL = "bench-";

    /** One customer: each comes from an address of its own, in the range that RFC 2544 keeps for benchmarks. */
    public record Customer(String email, String password, String address, String refreshToken, String accessToken) {

        /** Whom the access token is for: the middle one of its three parts says so. */
        UUID id() {
            String claims =
                    new String(Base64.getUrlDecoder().decode(accessToken.split("\\.", -1)[1]), StandardCharsets.UTF_8);
            return UUID.fromString(new JsonObject(claims).getString("sub"));
        }

        Cast.Buyer buyer() {
            return new Cast.Buyer(id(), UUID.fromString(email.substring(EMAIL.length(), email.indexOf('@'))));
        }
    }

    private final Door door;
    private final Path file;
    private final Progress progress;

    public Customers(Door door, Path folder, Progress progress) {
        this.door = door;
        this.file = folder.resolve(FILE);
        this.progress = progress;
    }

    /**
     * So many customers, each with an access token that was issued just now. They are the same ones each time.
     *
     * @throws FleetException when the gateway does not answer, or refuses
     */
    public List<Customer> sessions(int count) {
        List<Customer> known = read();
        progress.say("%d customers log in (%d are known)".formatted(count, Math.min(count, known.size())));
        AtomicInteger done = new AtomicInteger();
        List<Customer> ready = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Customer>> logins = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                logins.add(threads.submit(() -> {
                    Customer customer = number < known.size() ? again(known.get(number)) : register(number);
                    progress.part(done.incrementAndGet(), count, "customers");
                    return customer;
                }));
            }
            for (Future<Customer> login : logins) {
                ready.add(login.get());
            }
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof FleetException said ? said : new FleetException("Cannot log in", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
        // Who is not needed now is kept: a prefill may have given them orders.
        write(Stream.concat(ready.stream(), known.stream().skip(count)).toList());
        return ready;
    }

    private Customer again(Customer known) {
        String form = "grant_type=refresh_token&refresh_token="
                + URLEncoder.encode(known.refreshToken, StandardCharsets.UTF_8);
        HttpResponse<String> answer = door.form("/oauth2/token", known.address, form);
        return answer.statusCode() == 200 ? with(known, new JsonObject(answer.body())) : login(known);
    }

    private Customer register(int number) {
        Customer fresh = new Customer(
                EMAIL + UUID.randomUUID() + "@caravan.example",
                "bench " + UUID.randomUUID(),
                "198.18.%d.%d".formatted(number / 250, 1 + number % 250),
                "",
                "");
        Door.ok(door.json(
                "/auth/register",
                fresh.address,
                new JsonObject()
                        .put("email", fresh.email)
                        .put("password", fresh.password)
                        .put("name", "Ada Lovelace")));
        return login(fresh);
    }

    private Customer login(Customer customer) {
        JsonObject body = new JsonObject().put("email", customer.email).put("password", customer.password);
        HttpResponse<String> answer = door.json("/auth/login", customer.address, body);
        // Accounts that a reset has removed are made again.
        return answer.statusCode() == 401 && !customer.refreshToken.isEmpty()
                ? register(number(customer))
                : with(customer, Door.ok(answer));
    }

    private static int number(Customer customer) {
        String[] parts = customer.address.split("\\.", -1);
        return Integer.parseInt(parts[2]) * 250 + Integer.parseInt(parts[3]) - 1;
    }

    private static Customer with(Customer customer, JsonObject tokens) {
        return new Customer(
                customer.email,
                customer.password,
                customer.address,
                tokens.getString("refresh_token"),
                tokens.getString("access_token"));
    }

    private List<Customer> read() {
        try {
            return Files.exists(file)
                    ? new JsonArray(Files.readString(file))
                            .stream()
                                    .map(JsonObject.class::cast)
                                    .map(json -> new Customer(
                                            json.getString("email"),
                                            json.getString("password"),
                                            json.getString("address"),
                                            json.getString("refreshToken"),
                                            ""))
                                    .toList()
                    : List.of();
        } catch (IOException e) {
            throw new FleetException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private void write(List<Customer> customers) {
        JsonArray json = new JsonArray();
        customers.forEach(c -> json.add(new JsonObject()
                .put("email", c.email)
                .put("password", c.password)
                .put("address", c.address)
                .put("refreshToken", c.refreshToken)));
        PrivateFile.write(file, json.encodePrettily());
    }
}
