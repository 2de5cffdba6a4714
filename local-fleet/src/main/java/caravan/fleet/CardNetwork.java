package caravan.fleet;

import caravan.fleet.CardLedger.Decision;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * A card network as a payment service meets it: idempotent by key, sometimes slow, sometimes failing after it took the money, sometimes gone. What it answered is
 * on the disk first, so it remembers after any crash. The path of a charge is {@code /v1/charges/{key}}, the key URL-encoded.
 */
public final class CardNetwork implements AutoCloseable {
    private static final String CHARGES = "/v1/charges";
    private static final String REVERSAL = "/reversal";
    private static final long SLOW_MS = 2000;
    private static final int BODY_LIMIT_BYTES = 16 << 10;

    private enum Mode {
        UP,
        DOWN,
        SLOW
    }

    private final LocalHttp http = new LocalHttp("card-network");
    private final CardLedger ledger = new CardLedger();
    private final Journal journal;
    // Both are touched by the event loop alone.
    private Mode mode = Mode.UP;
    private long flakyCalls;

    private CardNetwork(Path journalFile) {
        this.journal = Journal.open(journalFile, line -> ledger.replay(new JsonObject(line)));
    }

    /**
     * Replays the journal and listens on 127.0.0.1.
     *
     * @throws FleetException when the port is taken or the journal cannot be read
     */
    public static CardNetwork start(int port, Path journalFile) {
        CardNetwork network = new CardNetwork(journalFile);
        try {
            network.http.listen(port, network::handle);
            return network;
        } catch (FleetException e) {
            network.close();
            throw e;
        }
    }

    @Override
    public void close() {
        http.close();
        journal.close();
    }

    private void handle(HttpServerRequest request) {
        String path = request.path();
        if (path.equals("/health")) {
            LocalHttp.json(request, 200, new JsonObject().put("status", "UP"));
        } else if (path.equals("/admin") && request.method().equals(HttpMethod.POST)) {
            LocalHttp.body(request, BODY_LIMIT_BYTES, body -> switchMode(request, body));
        } else if (mode == Mode.DOWN) {
            LocalHttp.json(request, 503, new JsonObject().put("status", "unavailable"));
        } else if (path.equals("/v1/ledger")) {
            LocalHttp.json(request, 200, ledger.totals());
        } else if (path.equals(CHARGES) && request.method().equals(HttpMethod.POST)) {
            LocalHttp.body(request, BODY_LIMIT_BYTES, body -> charge(request, body));
        } else if (path.startsWith(CHARGES + "/")) {
            oneCharge(request, path.substring(CHARGES.length() + 1));
        } else {
            LocalHttp.json(request, 404, new JsonObject().put("status", "no-such-page"));
        }
    }

    private void charge(HttpServerRequest request, String body) {
        String key = request.getHeader("Idempotency-Key");
        Optional<ChargeRequest> charge = ChargeRequest.parse(body);
        if (key == null || key.isBlank() || charge.isEmpty()) {
            String needs = "Idempotency-Key, and a body with amountMinor > 0, currency, cardToken, reference";
            LocalHttp.json(
                    request, 400, new JsonObject().put("status", "invalid").put("detail", needs));
            return;
        }
        switch (charge.get().cardToken()) {
            // The connection stays open until the client gives up; nothing is captured.
            case "tok_down" -> {}
            case "tok_slow" -> answer(request, ledger.charge(key, charge.get()), SLOW_MS);
            // Every other call takes the money and loses the answer: only the idempotency key saves the client.
            case "tok_flaky" -> answer(request, lost(ledger.charge(key, charge.get()), ++flakyCalls % 2 == 1), 0);
            default -> answer(request, ledger.charge(key, charge.get()), 0);
        }
    }

    private static Decision lost(Decision decision, boolean lose) {
        return lose
                ? new Decision(503, new JsonObject().put("status", "unavailable"), false, decision.line())
                : decision;
    }

    private void oneCharge(HttpServerRequest request, String rest) {
        boolean reversal = rest.endsWith(REVERSAL) && request.method().equals(HttpMethod.POST);
        String encoded = reversal ? rest.substring(0, rest.length() - REVERSAL.length()) : rest;
        String key = URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        if (reversal) {
            answer(request, ledger.reverse(key), 0);
        } else {
            JsonObject unknown = new JsonObject().put("status", "unknown");
            ledger.find(key)
                    .ifPresentOrElse(
                            found -> LocalHttp.json(request, 200, found), () -> LocalHttp.json(request, 404, unknown));
        }
    }

    /** The journal comes first. An answer that changed nothing may repeat one that is not on the disk yet, so it waits in the same queue. */
    private void answer(HttpServerRequest request, Decision decision, long delayMs) {
        JsonObject line = decision.line();
        long waitMs = delayMs + (mode == Mode.SLOW ? SLOW_MS : 0);
        var _ = journal.append(line == null ? "" : line.encode())
                .whenComplete((_, trouble) -> http.later(waitMs, () -> {
                    if (trouble != null) {
                        LocalHttp.json(request, 500, new JsonObject().put("status", "journal-failed"));
                        return;
                    }
                    if (decision.replayed()) {
                        request.response().putHeader("Idempotent-Replayed", "true");
                    }
                    LocalHttp.json(request, decision.status(), decision.body());
                }));
    }

    private void switchMode(HttpServerRequest request, String body) {
        try {
            mode = Mode.valueOf(new JsonObject(body).getString("mode", "").toUpperCase(Locale.ROOT));
            LocalHttp.json(
                    request, 200, new JsonObject().put("mode", mode.name().toLowerCase(Locale.ROOT)));
        } catch (IllegalArgumentException | DecodeException | ClassCastException _) {
            LocalHttp.json(
                    request,
                    400,
                    new JsonObject().put("detail", "The body is {\"mode\": \"up\", \"down\" or \"slow\"}"));
        }
    }
}
