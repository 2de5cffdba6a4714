package caravan.order;

import caravan.common.auth.Requires;
import caravan.common.auth.Scope;
import caravan.common.http.ConsistencyToken;
import caravan.common.http.Prefer;
import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import caravan.common.messaging.Faults;
import caravan.common.messaging.SpanKeys;
import caravan.common.messaging.TraceContext;
import caravan.order.ViewStore.Stored;
import caravan.order.replica.Seen;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.opentelemetry.api.trace.Span;
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
import java.util.UUID;
import java.util.function.BiFunction;
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
    private final ViewReads views;
    private final OrderLists lists;
    private final OrderWatch watch;
    private final EventStreams streams;

    OrderResource(
            Callers callers,
            OrderDesk desk,
            ViewReads views,
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
    public Uni<Response> place(
            @HeaderParam("Idempotency-Key") @Nullable List<String> keys,
            @HeaderParam(ConsistencyToken.HEADER) @Nullable List<String> tokens,
            byte @Nullable [] body)
            throws JsonProcessingException {
        ConsistencyToken token = ConsistencyToken.parse(tokens);
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
                .map(decided -> answer(decided, token))
                .onFailure(Faults::passes)
                .transform(OrderResource::busy);
    }

    @GET
    @Requires(Scope.ORDERS_READ)
    @Path("/{id}")
    public Uni<Response> show(
            @PathParam("id") String id,
            @HeaderParam("If-None-Match") @Nullable String ifNoneMatch,
            @HeaderParam("Prefer") @Nullable List<String> prefer,
            @HeaderParam(ConsistencyToken.HEADER) @Nullable List<String> tokens) {
        ConsistencyToken token = ConsistencyToken.parse(tokens);
        Optional<Duration> wait = Prefer.wait(prefer == null ? List.of() : prefer);
        return wait.map(time -> awaited(id, ifNoneMatch, time)
                        .map(seen -> shown(seen, ifNoneMatch, token)
                                .header("Preference-Applied", "wait=" + time.toSeconds())
                                .build()))
                .orElseGet(() -> found(id, (order, caller) -> views.find(order, caller, token))
                        .map(seen -> shown(seen, ifNoneMatch, token).build()))
                .onFailure(Faults::passes)
                .transform(OrderResource::busy);
    }

    /** From the primary: an end that the replica does not know yet would not come a second time. */
    private Uni<Seen<Stored>> awaited(String id, @Nullable String ifNoneMatch, Duration time) {
        return found(id, views::findNewest)
                .chain(first -> watch.until(view -> isNews(view, ifNoneMatch), first.value(), time)
                        .chain(view -> view.version() == first.value().version()
                                ? Uni.createFrom().item(first)
                                : views.position().map(at -> new Seen<>(view, at))));
    }

    /** Written to the response itself; what fails before the stream begins is a problem like everywhere. */
    @GET
    @Requires(Scope.ORDERS_READ)
    @Path("/{id}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Uni<Void> events(
            @PathParam("id") String id,
            @HeaderParam("Last-Event-ID") @Nullable String lastEventId,
            @HeaderParam(ConsistencyToken.HEADER) @Nullable List<String> tokens,
            @Context HttpServerResponse response) {
        ConsistencyToken token = ConsistencyToken.parse(tokens);
        return found(id, views::findNewest)
                .invoke(order -> response.putHeader(ConsistencyToken.HEADER, ViewReads.token(token, order.at())))
                .chain(order -> streams.follow(order.value(), lastEventId, response))
                .onFailure(Faults::passes)
                .transform(OrderResource::busy);
    }

    /** Without this a HEAD would wait as long as a stream lasts. */
    @HEAD
    @Requires(Scope.ORDERS_READ)
    @Path("/{id}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Uni<Response> eventsHead(
            @PathParam("id") String id, @HeaderParam(ConsistencyToken.HEADER) @Nullable List<String> tokens) {
        ConsistencyToken token = ConsistencyToken.parse(tokens);
        return found(id, views::findNewest)
                .map(order -> Response.ok()
                        .header("Cache-Control", "no-store")
                        .header(ConsistencyToken.HEADER, ViewReads.token(token, order.at()))
                        .build())
                .onFailure(Faults::passes)
                .transform(OrderResource::busy);
    }

    @GET
    @Requires(Scope.ORDERS_READ)
    public Uni<Response> list(
            @QueryParam("status") @Nullable String status,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor,
            @HeaderParam(ConsistencyToken.HEADER) @Nullable List<String> tokens) {
        ConsistencyToken token = ConsistencyToken.parse(tokens);
        return lists.page(callers.current(), status, limit, cursor, token)
                .onFailure(Faults::passes)
                .transform(OrderResource::busy)
                .map(seen -> {
                    OrderLists.Page page = seen.value();
                    Response.ResponseBuilder response = Response.ok(page.body())
                            .header("Cache-Control", PRIVATE)
                            .header(ConsistencyToken.HEADER, ViewReads.token(token, seen.at()));
                    page.next().ifPresent(next -> response.header("Link", "<" + next + ">; rel=\"next\""));
                    return response.build();
                });
    }

    private Uni<Seen<Stored>> found(String id, BiFunction<UUID, Caller, Uni<Seen<Optional<Stored>>>> read) {
        UUID order = OrderIds.parse(id).orElseThrow(OrderResource::unknown);
        return read.apply(order, callers.current())
                .map(seen -> seen.map(found -> found.orElseThrow(OrderResource::unknown)));
    }

    private static ProblemException unknown() {
        return new ProblemException(ProblemType.NOT_FOUND, "there is no such order");
    }

    private static OrderRequest request(byte[] body) throws JsonProcessingException {
        return switch (OrderForm.read(StrictJson.read(body))) {
            case OrderForm.Valid(OrderRequest request) -> request;
            case OrderForm.Invalid(var errors) ->
                throw new ProblemException(ProblemType.INVALID_REQUEST, "the order has invalid fields", errors);
        };
    }

    private static Response answer(Optional<Decided> decided, ConsistencyToken token) {
        if (decided.isEmpty()) {
            throw new ProblemException(
                    ProblemType.REQUEST_IN_PROGRESS, "its answer will be there in a moment", List.of(), SOON);
        }
        String after = ViewReads.token(token, decided.get().at());
        return switch (decided.get().verdict()) {
            case Verdict.Accepted(var receipt) -> {
                Span.current().setAttribute(SpanKeys.ORDER_ID, receipt.id().toString());
                yield accepted(receipt, after).build();
            }
            case Verdict.Replayed(var receipt) ->
                accepted(receipt, after).header("Idempotent-Replayed", "true").build();
            case Verdict.KeyReused _ ->
                throw new ProblemException(
                        ProblemType.IDEMPOTENCY_KEY_REUSED, "this key was used with another body: take a new one");
            case Verdict.Refused(var type, var errors) ->
                throw new ProblemException(type, "nothing was ordered", errors);
        };
    }

    private static Response.ResponseBuilder accepted(Receipt receipt, String token) {
        return Response.accepted(receipt.body())
                .header("Location", Order.path(receipt.id()))
                .header(ConsistencyToken.HEADER, token)
                .header("Cache-Control", "no-store");
    }

    private static Response.ResponseBuilder shown(
            Seen<Stored> seen, @Nullable String ifNoneMatch, ConsistencyToken token) {
        Stored view = seen.value();
        return (isKnown(view, ifNoneMatch) ? Response.notModified() : Response.ok(view.document()))
                .header("ETag", etag(view))
                .header(ConsistencyToken.HEADER, ViewReads.token(token, seen.at()))
                .header("Cache-Control", PRIVATE);
    }

    private static boolean isNews(Stored view, @Nullable String ifNoneMatch) {
        return !isKnown(view, ifNoneMatch) && view.view().endsWait();
    }

    private static boolean isKnown(Stored view, @Nullable String ifNoneMatch) {
        return ifNoneMatch != null && EntityTags.match(ifNoneMatch, etag(view));
    }

    private static String etag(Stored view) {
        return "\"" + view.version() + "\"";
    }

    /** The database is away, or too much waits for it: nothing was stored, or it will be found under the same key. */
    static Throwable busy(Throwable fault) {
        LOG.warnf("cannot answer now: %s", Faults.describe(fault));
        return new ProblemException(ProblemType.TEMPORARY_REDUCED_CAPACITY, "try again soon", List.of(), SOON);
    }
}
