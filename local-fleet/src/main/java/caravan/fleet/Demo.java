package caravan.fleet;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.IntSupplier;

/** {@code ./caravan demo}: four orders through the gateway, each with its timeline as it happens; then the audit. */
final class Demo {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_MS = 100;

    /**
     * One order and how it must end.
     *
     * @param ends the status the order must have in the end, and for a rejected one the code
     */
    private record Story(String title, String sku, String country, String cardToken, String ends) {}

    private static final List<Story> STORIES = List.of(
            new Story("approved", "", "GB", "tok_ok", "APPROVED"),
            new Story("stock unavailable", "SOLD-OUT", "GB", "tok_ok", "REJECTED stock-unavailable"),
            new Story("card declined: the stock is given back", "", "GB", "tok_declined", "REJECTED card-declined"),
            new Story(
                    "undeliverable: money and stock are given back",
                    "",
                    "AQ",
                    "tok_ok",
                    "REJECTED address-undeliverable"));

    private final Session customer;

    private Demo(Session customer) {
        this.customer = customer;
    }

    static int run(Arguments arguments, DataFolder folder) {
        return run(
                URI.create(arguments.ports().url("gateway")),
                Credentials.of(folder).customer(),
                () -> Audit.run(arguments, System.out));
    }

    /** @param audit gives its exit code */
    static int run(URI gateway, Credentials.Login login, IntSupplier audit) {
        boolean asTold = true;
        try (Session customer = Session.login(gateway, login)) {
            Demo demo = new Demo(customer);
            String sku = demo.firstSku();
            for (int i = 0; i < STORIES.size(); i++) {
                System.out.printf("%d. %s%n", i + 1, STORIES.get(i).title());
                asTold &= demo.tell(STORIES.get(i), sku);
                System.out.println();
            }
        }
        int audited = audit.getAsInt();
        return asTold ? audited : 1;
    }

    private String firstSku() {
        JsonArray items = customer.get("/api/v1/products?limit=1").getJsonArray("items", new JsonArray());
        if (items.isEmpty()) {
            throw new FleetException("The catalogue is empty.");
        }
        return items.getJsonObject(0).getString("sku");
    }

    private boolean tell(Story story, String sku) {
        JsonObject accepted = place(story, story.sku().isEmpty() ? sku : story.sku());
        String id = accepted.getString("id");
        System.out.printf("   order %s, %s%n", id, money(accepted.getJsonObject("total")));
        JsonObject view = follow(id);
        JsonObject failure = view.getJsonObject("failure");
        String end = view.getString("status") + (failure == null ? "" : " " + failure.getString("code"));
        System.out.printf("   = %s%s%n", end, failure == null ? "" : " (" + failure.getString("detail") + ")");
        if (!end.equals(story.ends())) {
            System.out.printf("   This should have been %s.%n", story.ends());
        }
        return end.equals(story.ends());
    }

    private JsonObject place(Story story, String sku) {
        JsonObject body = OrderBody.of(new JsonArray().add(OrderBody.line(sku, 2)), story.country(), story.cardToken());
        return customer.call(customer.request("/api/v1/orders")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(BodyPublishers.ofString(body.encode())));
    }

    /** Prints what is new in the timeline until the order has ended. */
    private JsonObject follow(String id) {
        long endNs = System.nanoTime() + BOUND.toNanos();
        int shown = -1;
        while (true) {
            JsonObject view = customer.get("/api/v1/orders/" + id);
            for (Object each : view.getJsonArray("timeline")) {
                JsonObject entry = (JsonObject) each;
                if (entry.getInteger("sequence") > shown) {
                    shown = entry.getInteger("sequence");
                    show(view, entry);
                }
            }
            if (ended(view)) {
                return view;
            }
            if (System.nanoTime() > endNs) {
                System.out.printf("   not ended after %d s: './caravan logs saga-orchestrator'%n", BOUND.toSeconds());
                return view;
            }
            Sockets.pause(LOOK_EVERY_MS);
        }
    }

    private static boolean ended(JsonObject view) {
        JsonArray timeline = view.getJsonArray("timeline");
        String phase = timeline.getJsonObject(timeline.size() - 1).getString("phase");
        return switch (phase) {
            case "COMPLETED", "COMPENSATED", "STUCK" -> true;
            default -> false;
        };
    }

    private static void show(JsonObject view, JsonObject entry) {
        Duration since =
                Duration.between(Instant.parse(view.getString("createdAt")), Instant.parse(entry.getString("at")));
        String line = String.format(
                Locale.ROOT,
                "   %+6d ms  %-18s %s",
                since.toMillis(),
                entry.getString("step"),
                entry.getString("what").toLowerCase(Locale.ROOT).replace('_', ' '));
        System.out.println(line);
    }

    private static String money(JsonObject money) {
        long minor = money.getLong("amountMinor");
        return String.format(Locale.ROOT, "%d.%02d %s", minor / 100, minor % 100, money.getString("currency"));
    }
}
