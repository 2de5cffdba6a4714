package caravan.inventory;

import caravan.common.auth.Authentication;
import caravan.common.auth.Requires;
import caravan.common.auth.Scope;
import caravan.common.http.ConsistencyToken;
import caravan.common.http.Problem.FieldError;
import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import caravan.inventory.AdjustmentStore.Outcome;
import caravan.inventory.AdjustmentStore.Request;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import java.util.List;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

@Path("/api/v1/products/{sku}/stock")
class AdjustmentResource {

    private static final String ROUTE = "POST /api/v1/products/{sku}/stock";
    private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");
    private static final int MOST = 1_000_000;

    private final AdjustmentStore store;
    private final ProductCache cache;
    private final Tokens tokens;
    private final Authentication authentication;

    AdjustmentResource(AdjustmentStore store, ProductCache cache, Tokens tokens, Authentication authentication) {
        this.store = store;
        this.cache = cache;
        this.tokens = tokens;
        this.authentication = authentication;
    }

    record Body(@Nullable Integer delta) {}

    record Adjusted(String sku, int delta, int onHand) {}

    @POST
    @Requires(Scope.CATALOG_WRITE)
    public Uni<Adjusted> adjust(
            @RestPath String sku,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @HeaderParam(ConsistencyToken.HEADER) @Nullable List<String> sent,
            @Nullable Body body,
            @Context HttpServerResponse http) {
        String caller = authentication.token().subject().toString();
        Request request = new Request(caller, ROUTE, checked(key), checkedSku(sku), checked(body));
        ConsistencyToken token = ConsistencyToken.parse(sent);
        // Whatever came of it: what is forgotten once too often costs one load.
        return store.adjust(request)
                .onItemOrFailure()
                .call((_, _) -> cache.forget(sku))
                .call(() -> tokens.raised(token).invoke(raised -> http.putHeader(ConsistencyToken.HEADER, raised)))
                .map(outcome -> answer(outcome, sku, http));
    }

    private static Adjusted answer(Outcome outcome, String sku, HttpServerResponse http) {
        return switch (outcome) {
            case Outcome.Fresh fresh -> answer(fresh.adjustment());
            case Outcome.Replayed replayed -> {
                // On the connection: a stored refusal leaves as an exception, and is a replay as well.
                http.putHeader("Idempotent-Replayed", "true");
                yield answer(replayed.adjustment());
            }
            case Outcome.KeyReused _ ->
                throw new ProblemException(
                        ProblemType.IDEMPOTENCY_KEY_REUSED, "this key came with another product or delta before");
            case Outcome.UnknownSku _ -> throw CatalogueResource.unknown(sku);
        };
    }

    private static Adjusted answer(Adjustment made) {
        if (made.isRefused()) {
            throw refusal(made);
        }
        return new Adjusted(made.sku(), made.delta(), made.onHand());
    }

    private static ProblemException refusal(Adjustment made) {
        return made.wanted() < 0
                ? new ProblemException(
                        ProblemType.STOCK_RESERVED,
                        "%s: %d are free, %d cannot be taken".formatted(made.sku(), made.onHand(), -made.wanted()))
                : new ProblemException(
                        ProblemType.CONFLICT, made.sku() + ": no more than " + Adjustment.MOST_ON_HAND + " find room");
    }

    private static String checked(@Nullable String key) {
        if (key == null) {
            throw new ProblemException(
                    ProblemType.IDEMPOTENCY_KEY_MISSING, "a delivery that is sent twice must count once");
        }
        if (!KEY.matcher(key).matches()) {
            throw new ProblemException(ProblemType.IDEMPOTENCY_KEY_INVALID, "1 to 255 visible ASCII characters");
        }
        return key;
    }

    private static String checkedSku(String sku) {
        if (!ProductBody.SKU.matcher(sku).matches()) {
            throw CatalogueResource.unknown(sku);
        }
        return sku;
    }

    private static int checked(@Nullable Body body) {
        if (body == null) {
            throw new ProblemException(ProblemType.MALFORMED_BODY, "the body is empty");
        }
        Integer delta = body.delta();
        if (delta == null || delta == 0 || Math.abs((long) delta) > MOST) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST,
                    "nothing to adjust",
                    List.of(new FieldError("/delta", "must be -%d to %d, not 0".formatted(MOST, MOST))));
        }
        return delta;
    }
}
