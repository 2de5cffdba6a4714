package caravan.fleet;

import caravan.fleet.Charge.Captured;
import caravan.fleet.Charge.Declined;
import caravan.fleet.Charge.Reversed;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The card network's memory and its rules, without I/O: each verb answers and, when something changed, names the journal line that brings the change back after a
 * restart. Not thread-safe: one event loop owns it.
 */
final class CardLedger {
    /** About 150 MB. Keys are never forgotten, so a full network refuses new ones instead. */
    static final int LIMIT = 750_000;

    /** @param line the change, to be made durable before the answer goes out; null when nothing changed */
    record Decision(
            int status,
            JsonObject body,
            boolean replayed,
            @Nullable JsonObject line) {
        private static Decision of(int status, JsonObject body) {
            return new Decision(status, body, false, null);
        }
    }

    private final Map<String, Charge> charges = new HashMap<>();
    private long captures;
    private long capturedMinor;
    private long reversals;
    private long refundedMinor;

    Decision charge(String key, ChargeRequest request) {
        Charge known = charges.get(key);
        if (known != null) {
            return again(known, request.hashCode());
        }
        if (charges.size() >= LIMIT) {
            return Decision.of(
                    507, new JsonObject().put("status", "full").put("detail", "Too many charges: ./caravan reset"));
        }
        return switch (request.cardToken()) {
            case "tok_ok", "tok_slow", "tok_flaky" -> capture(key, request);
            case "tok_declined" -> decline(key, request, "insufficient-funds");
            default -> decline(key, request, "invalid-card");
        };
    }

    /** Gives back what was captured, or blocks the key for ever when nothing was. */
    Decision reverse(String key) {
        Charge known = charges.get(key);
        if (known instanceof Reversed reversed) {
            return new Decision(200, view(reversed), true, null);
        }
        Reversed reversed = new Reversed(known instanceof Captured captured ? captured.amountMinor() : 0);
        apply(key, reversed);
        return new Decision(200, view(reversed), false, line(key, reversed));
    }

    Optional<JsonObject> find(String key) {
        return Optional.ofNullable(charges.get(key)).map(CardLedger::view);
    }

    JsonObject totals() {
        return new JsonObject()
                .put("captures", captures)
                .put("capturedMinor", capturedMinor)
                .put("reversals", reversals)
                .put("refundedMinor", refundedMinor);
    }

    /** Brings back one line of the journal. */
    void replay(JsonObject line) {
        Charge charge = switch (line.getString("t")) {
            case "captured" ->
                new Captured(
                        line.getLong("n"),
                        line.getInteger("hash"),
                        line.getLong("amount"),
                        line.getString("currency").intern());
            case "declined" ->
                new Declined(line.getInteger("hash"), line.getString("reason").intern());
            default -> new Reversed(line.getLong("refunded"));
        };
        apply(line.getString("key"), charge);
    }

    private Decision again(Charge known, int requestHash) {
        return switch (known) {
            case Reversed _ -> Decision.of(409, new JsonObject().put("status", "reversed"));
            case Captured c when c.requestHash() == requestHash -> new Decision(201, view(c), true, null);
            case Declined d when d.requestHash() == requestHash -> new Decision(402, view(d), true, null);
            case Captured _, Declined _ ->
                Decision.of(
                        422, new JsonObject().put("status", "refused").put("reason", "key-reused-with-another-body"));
        };
    }

    private Decision capture(String key, ChargeRequest request) {
        Captured captured = new Captured(captures + 1, request.hashCode(), request.amountMinor(), request.currency());
        apply(key, captured);
        return new Decision(201, view(captured), false, line(key, captured));
    }

    private Decision decline(String key, ChargeRequest request, String reason) {
        Declined declined = new Declined(request.hashCode(), reason);
        apply(key, declined);
        return new Decision(402, view(declined), false, line(key, declined));
    }

    private void apply(String key, Charge charge) {
        charges.put(key, charge);
        switch (charge) {
            case Captured c -> {
                captures++;
                capturedMinor += c.amountMinor();
            }
            case Reversed r -> {
                // Blocking a key that never captured gives nothing back and is no reversal in the books.
                reversals += r.refundedMinor() > 0 ? 1 : 0;
                refundedMinor += r.refundedMinor();
            }
            case Declined _ -> {}
        }
    }

    private static JsonObject view(Charge charge) {
        return switch (charge) {
            case Captured c ->
                new JsonObject()
                        .put("id", c.id())
                        .put("status", "captured")
                        .put("amountMinor", c.amountMinor())
                        .put("currency", c.currency());
            case Declined d -> new JsonObject().put("status", "declined").put("reason", d.reason());
            case Reversed r -> new JsonObject().put("status", "reversed").put("refundedMinor", r.refundedMinor());
        };
    }

    private static JsonObject line(String key, Charge charge) {
        JsonObject line = new JsonObject().put("key", key);
        return switch (charge) {
            case Captured c ->
                line.put("t", "captured")
                        .put("n", c.number())
                        .put("hash", c.requestHash())
                        .put("amount", c.amountMinor())
                        .put("currency", c.currency());
            case Declined d ->
                line.put("t", "declined").put("hash", d.requestHash()).put("reason", d.reason());
            case Reversed r -> line.put("t", "reversed").put("refunded", r.refundedMinor());
        };
    }
}
