package caravan.order;

import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import caravan.common.messaging.Faults;
import caravan.common.messaging.TraceContext;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The public contract of orders. Methods are public because Quarkus finds no others. */
@Path("/api/v1/orders")
@Produces(MediaType.APPLICATION_JSON)
class OrderResource {

    private static final Logger LOG = Logger.getLogger(OrderResource.class);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final String PRIVATE = "private, no-cache";

    private final Callers callers;
    private final OrderDesk desk;
    private final ViewStore views;
    private final OrderLists lists;

    OrderResource(Callers callers, OrderDesk desk, ViewStore views, OrderLists lists) {
        this.callers = callers;
        this.desk = desk;
        this.views = views;
        this.lists = lists;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> place(@HeaderParam("Idempotency-Key") @Nullable List<String> keys, byte @Nullable [] body)
            throws JsonProcessingException {
        String key = IdempotencyKey.of(keys == null ? List.of() : keys);
        OrderRequest request = request(body == null ? new byte[0] : body);
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        Draft draft = new Draft(
                OrderIds.next(now),
                callers.current(),
                key,
                IdempotencyKey.hash(request),
                request,
                now,
                TraceContext.current());
        return desk.submit(draft)
                .map(OrderResource::answer)
                .onFailure(Faults::passes)
                .transform(OrderResource::busy);
    }

    @GET
    @Path("/{id}")
    public Uni<Response> show(@PathParam("id") String id, @HeaderParam("If-None-Match") @Nullable String ifNoneMatch) {
        return OrderIds.parse(id)
                .map(orderId -> views.find(orderId, callers.current()))
                .orElse(Uni.createFrom().item(Optional.empty()))
                .map(found ->
                        found.orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "there is no such order")))
                .map(view -> shown(view, ifNoneMatch))
                .onFailure(Faults::passes)
                .transform(OrderResource::busy);
    }

    @GET
    public Uni<Response> list(
            @QueryParam("status") @Nullable String status,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return lists.page(callers.current(), status, limit, cursor)
                .onFailure(Faults::passes)
                .transform(OrderResource::busy)
                .map(page -> {
                    Response.ResponseBuilder response = Response.ok(page.body()).header("Cache-Control", PRIVATE);
                    page.next().ifPresent(next -> response.header("Link", "<" + next + ">; rel=\"next\""));
                    return response.build();
                });
    }

    private static OrderRequest request(byte[] body) throws JsonProcessingException {
        return switch (OrderForm.read(StrictJson.read(body))) {
            case OrderForm.Valid(OrderRequest request) -> request;
            case OrderForm.Invalid(var errors) ->
                throw new ProblemException(ProblemType.INVALID_REQUEST, "the order has invalid fields", errors);
        };
    }

    private static Response answer(Optional<Verdict> verdict) {
        if (verdict.isEmpty()) {
            throw new ProblemException(
                    ProblemType.REQUEST_IN_PROGRESS, "its answer will be there in a moment", List.of(), SOON);
        }
        return switch (verdict.get()) {
            case Verdict.Accepted(var receipt) -> accepted(receipt).build();
            case Verdict.Replayed(var receipt) ->
                accepted(receipt).header("Idempotent-Replayed", "true").build();
            case Verdict.KeyReused _ ->
                throw new ProblemException(
                        ProblemType.IDEMPOTENCY_KEY_REUSED, "this key was used with another body: take a new one");
            case Verdict.Refused(var type, var errors) ->
                throw new ProblemException(type, "nothing was ordered", errors);
        };
    }

    private static Response.ResponseBuilder accepted(Receipt receipt) {
        return Response.accepted(receipt.body())
                .header("Location", Order.path(receipt.id()))
                .header("Cache-Control", "no-store");
    }

    private static Response shown(ViewStore.Stored view, @Nullable String ifNoneMatch) {
        String etag = "\"" + view.version() + "\"";
        boolean known = ifNoneMatch != null && EntityTags.match(ifNoneMatch, etag);
        return (known ? Response.notModified() : Response.ok(view.document()))
                .header("ETag", etag)
                .header("Cache-Control", PRIVATE)
                .build();
    }

    /** The database is away, or too much waits for it: nothing was stored, or it will be found under the same key. */
    static Throwable busy(Throwable fault) {
        LOG.warnf("cannot answer now: %s", Faults.describe(fault));
        return new ProblemException(ProblemType.TEMPORARY_REDUCED_CAPACITY, "try again soon", List.of(), SOON);
    }
}
