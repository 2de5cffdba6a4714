package caravan.fleet;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import java.util.Optional;

/** The body of {@code POST /v1/charges}. */
record ChargeRequest(long amountMinor, String currency, String cardToken, String reference) {
    /** Empty when the body is no charge: no JSON, no positive amount, no token. */
    static Optional<ChargeRequest> parse(String body) {
        try {
            JsonObject json = new JsonObject(body);
            long amountMinor = Objects.requireNonNullElse(json.getLong("amountMinor"), 0L);
            String cardToken = json.getString("cardToken", "");
            boolean valid = amountMinor > 0 && !cardToken.isEmpty();
            String currency = json.getString("currency", "EUR").intern();
            return valid
                    ? Optional.of(new ChargeRequest(amountMinor, currency, cardToken, json.getString("reference", "")))
                    : Optional.empty();
        } catch (DecodeException | ClassCastException _) {
            return Optional.empty();
        }
    }
}
