package caravan.order;

import caravan.common.auth.Requires;
import caravan.common.auth.Scope;
import caravan.common.http.Prefer;
import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import caravan.common.messaging.Faults;
import caravan.common.messaging.TraceContext;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
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
    private final OrderWatch watch;
    private final EventStreams streams;

    OrderResource(
            Callers callers,
            OrderDesk desk,
            ViewStore views,
            OrderLists lists,
            OrderWatch watch,
            EventStreams streams) {
        this.callers = callers;
        this.desk = desk;
        this.views = views;
        this.lists = lists;
        this.watch = watch;
        this.streams = streams;
    }

    @POST
    @Requires(Scope.ORDERS_WRITE)
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
    @Requires(Scope.ORDERS_READ)
    @Path("/{id}")
    public Uni<Response> show(
            @PathParam("id") String id,
            @HeaderParam("If-None-Match") @Nullable String ifNoneMatch,
            @HeaderParam("Prefer") @Nullable List<String> prefer) {
        Uni<ViewStore.Stored> found = found(id);
        Optional<Duration> wait = Prefer.wait(prefer == null ? List.of() : prefer);
        return wait.map(time -> found.chain(view -> watch.until(v -> isNews(v, ifNoneMatch), view, time))
                        .map(view -> shown(view, ifNoneMatch)
                                .header("Preference-Applied", "wait=" + time.toSeconds())
                                .build()))
                .orElseGet(() -> found.map(view -> shown(view, ifNoneMatch).build()))
                .onFailure(Faults::passes)
                .transform(OrderResource::busy);
    }

    /** Written to the response itself; what fails before the stream begins is a problem like everywhere. */
    @GET
    @Requires(Scope.ORDERS_READ)
    @Path("/{id}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Uni<Void> events(
            @PathParam("id") String id,
            @HeaderParam("Last-Event-ID") @Nullable String lastEventId,
            @Context HttpServerResponse response) {
        return found(id)
                .chain(order -> streams.follow(order, lastEventId, response))
                .onFailure(Faults::passes)
                .transform(OrderResource::busy);
    }

    /** Without this a HEAD would wait as long as a stream lasts. */
    @HEAD
    @Requires(Scope.ORDERS_READ)
    @Path("/{id}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Uni<Response> eventsHead(@PathParam("id") String id) {
        return found(id)
                .map(_ -> Response.ok().header("Cache-Control", "no-store").build())
                .onFailure(Faults::passes)
                .transform(OrderResource::busy);
    }

    @GET
    @Requires(Scope.ORDERS_READ)
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

    private Uni<ViewStore.Stored> found(String id) {
        return OrderIds.parse(id)
                .map(orderId -> views.find(orderId, callers.current()))
                .orElse(Uni.createFrom().item(Optional.empty()))
                .map(found ->
                        found.orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "there is no such order")));
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

    private static Response.ResponseBuilder shown(ViewStore.Stored view, @Nullable String ifNoneMatch) {
        return (isKnown(view, ifNoneMatch) ? Response.notModified() : Response.ok(view.document()))
                .header("ETag", etag(view))
                .header("Cache-Control", PRIVATE);
    }

    private static boolean isNews(ViewStore.Stored view, @Nullable String ifNoneMatch) {
        return !isKnown(view, ifNoneMatch) && view.view().endsWait();
    }

    private static boolean isKnown(ViewStore.Stored view, @Nullable String ifNoneMatch) {
        return ifNoneMatch != null && EntityTags.match(ifNoneMatch, etag(view));
    }

    private static String etag(ViewStore.Stored view) {
        return "\"" + view.version() + "\"";
    }

    /** The database is away, or too much waits for it: nothing was stored, or it will be found under the same key. */
    static Throwable busy(Throwable fault) {
        LOG.warnf("cannot answer now: %s", Faults.describe(fault));
        return new ProblemException(ProblemType.TEMPORARY_REDUCED_CAPACITY, "try again soon", List.of(), SOON);
    }
}
