package caravan.order;

import caravan.common.auth.Requires;
import caravan.common.auth.Scope;
import caravan.common.http.ConsistencyToken;
import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import caravan.common.messaging.Faults;
import caravan.common.messaging.SpanKeys;
import caravan.common.messaging.TraceContext;
import caravan.common.sql.WalPosition;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.opentelemetry.api.trace.Span;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A customer takes an order back. Methods are public because Quarkus finds no others. */
@Path("/api/v1/orders/{id}/cancel")
@Produces(MediaType.APPLICATION_JSON)
class CancelResource {

    private static final Duration SOON = Duration.ofSeconds(1);

    private final Callers callers;
    private final CancelDesk desk;

    CancelResource(Callers callers, CancelDesk desk) {
        this.callers = callers;
        this.desk = desk;
    }

    @POST
    @Requires(Scope.ORDERS_WRITE)
    public Uni<Response> cancel(
            @PathParam("id") String id,
            @HeaderParam("Idempotency-Key") @Nullable List<String> keys,
            @HeaderParam(ConsistencyToken.HEADER) @Nullable List<String> tokens,
            @Context HttpServerResponse http,
            byte @Nullable [] body)
            throws JsonProcessingException {
        ConsistencyToken token = ConsistencyToken.parse(tokens);
        String key = IdempotencyKey.of(keys == null ? List.of() : keys);
        String reason = reason(body);
        UUID order = OrderIds.parse(id).orElseThrow(CancelResource::unknown);
        Span.current().setAttribute(SpanKeys.ORDER_ID, order.toString());
        CancelRequest request = new CancelRequest(
                order,
                callers.current(),
                key,
                reason,
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                TraceContext.current());
        return desk.submit(request)
                .map(verdict -> answer(order, verdict, token, http))
                .onFailure(Faults::passes)
                .transform(OrderResource::busy);
    }

    private static @Nullable String reason(byte @Nullable [] body) throws JsonProcessingException {
        return switch (CancelForm.read(body)) {
            case CancelForm.Valid(var reason) -> reason;
            case CancelForm.Invalid(var errors) ->
                throw new ProblemException(ProblemType.INVALID_REQUEST, "the request has invalid fields", errors);
        };
    }

    private static Response answer(
            UUID order, Optional<CancelVerdict> verdict, ConsistencyToken token, HttpServerResponse http) {
        if (verdict.isEmpty()) {
            throw new ProblemException(
                    ProblemType.REQUEST_IN_PROGRESS, "its answer will be there in a moment", List.of(), SOON);
        }
        return switch (verdict.get()) {
            case CancelVerdict.Unknown _ -> throw unknown();
            case CancelVerdict.KeyReused _ ->
                throw new ProblemException(
                        ProblemType.IDEMPOTENCY_KEY_REUSED, "this key was used for another request: take a new one");
            case CancelVerdict.Settled(CancelAnswer answer, boolean replayed, WalPosition at) -> {
                // On the response itself: a problem is written by its mapper.
                http.putHeader(ConsistencyToken.HEADER, ViewReads.token(token, at));
                if (replayed) {
                    http.putHeader("Idempotent-Replayed", "true");
                }
                yield answer(order, answer);
            }
            case CancelVerdict.Open _ -> throw new IllegalStateException("order " + order + " waits for its answer");
        };
    }

    private static Response answer(UUID order, CancelAnswer answer) {
        return switch (answer) {
            case CancelAnswer.Refused(ProblemType type) -> throw refused(type);
            case CancelAnswer.Accepted(String body) ->
                Response.accepted(body)
                        .header("Location", Order.path(order))
                        .header("Cache-Control", "no-store")
                        .build();
        };
    }

    private static ProblemException refused(ProblemType type) {
        String detail = type == ProblemType.ALREADY_DISPATCHED
                ? "the parcel is with the carrier: send it back when it is there"
                : "the order was rejected: there is nothing to cancel";
        return new ProblemException(type, detail);
    }

    private static ProblemException unknown() {
        return new ProblemException(ProblemType.NOT_FOUND, "there is no such order");
    }
}
