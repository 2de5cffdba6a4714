package caravan.saga.ops;

import caravan.common.auth.Authentication;
import caravan.common.auth.Requires;
import caravan.common.auth.Scope;
import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import caravan.common.messaging.TraceContext;
import caravan.saga.engine.Ignored;
import caravan.saga.engine.Verb;
import caravan.saga.runtime.Repairs;
import caravan.saga.runtime.Repairs.Outcome;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sagas for operators: looked at, and ordered about. Methods are public because Quarkus finds no others. */
@Path("/api/v1/ops/sagas")
@Produces(MediaType.APPLICATION_JSON)
@Requires(Scope.OPS)
class SagaResource {

    private final SagaReads reads;
    private final Repairs repairs;
    private final BulkOrders bulk;
    private final Authentication authentication;
    private final Body body;

    SagaResource(SagaReads reads, Repairs repairs, BulkOrders bulk, Authentication authentication, Body body) {
        this.reads = reads;
        this.repairs = repairs;
        this.bulk = bulk;
        this.authentication = authentication;
        this.body = body;
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Page(List<SagaView> items, @Nullable String nextCursor) {}

    @GET
    public Uni<Response> list(
            @QueryParam("state") @Nullable String state,
            @QueryParam("type") @Nullable String type,
            @QueryParam("step") @Nullable String step,
            @QueryParam("olderThan") @Nullable String olderThan,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        SagaFilter filter = SagaFilter.of(state, type, step, olderThan);
        int most = Limits.page(limit);
        return reads.list(filter, cursor == null ? null : Limits.cursor(cursor), most + 1)
                .map(sagas -> fresh(page(sagas, most)));
    }

    private static Page page(List<SagaView> found, int most) {
        return found.size() <= most
                ? new Page(found, null)
                : new Page(found.subList(0, most), found.get(most - 1).id().toString());
    }

    @GET
    @Path("/{id}")
    public Uni<Response> show(@PathParam("id") String id) {
        return find(idOf(id)).map(SagaResource::fresh);
    }

    /** Without a step, the order is for the one where the saga stands now. */
    @POST
    @Path("/{id}/{verb}")
    public Uni<Response> order(@PathParam("id") String id, @PathParam("verb") String word, byte[] json)
            throws IOException {
        Verb verb = OrderForm.verb(word);
        OrderForm form = body.read(json, OrderForm.EMPTY, OrderForm.class).checked(verb);
        UUID saga = idOf(id);
        String operator = authentication.token().subject().toString();
        TraceContext trace = TraceContext.current();
        return find(saga)
                .chain(seen -> repairs.order(
                        new Repairs.Order(verb, Map.of(saga, stepOf(seen, form)), operator, form.reason(), trace)))
                .invoke(outcomes -> refuse(outcomes.getOrDefault(saga, new Outcome.Unknown())))
                .chain(() -> find(saga))
                .map(SagaResource::fresh);
    }

    /** All that the filter finds, at most {@code limit}: how many are left the answer says. */
    @POST
    @Path("/repair")
    public Uni<Response> orderAll(
            @QueryParam("verb") @DefaultValue("") String word,
            @QueryParam("state") @Nullable String state,
            @QueryParam("type") @Nullable String type,
            @QueryParam("step") @Nullable String step,
            @QueryParam("olderThan") @Nullable String olderThan,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("dryRun") @DefaultValue("false") boolean dryRun,
            byte[] json)
            throws IOException {
        Verb verb = OrderForm.verb(word);
        OrderForm form = body.read(json, OrderForm.EMPTY, OrderForm.class);
        SagaFilter filter = SagaFilter.of(state, type, step, olderThan);
        if (filter.state() == null) {
            throw new ProblemException(ProblemType.BAD_REQUEST, "an order to many needs a state to choose them by");
        }
        OrderForm checked = new OrderForm(form.reason(), form.step() == null ? step : form.step()).checked(verb);
        String operator = authentication.token().subject().toString();
        BulkOrders.Wanted wanted = new BulkOrders.Wanted(
                verb, filter, Limits.bulk(limit), operator, checked.reason(), TraceContext.current());
        return (dryRun ? bulk.count(wanted) : bulk.give(wanted)).map(SagaResource::fresh);
    }

    private Uni<SagaView> find(UUID id) {
        return reads.find(id)
                .map(found -> found.orElseThrow(() ->
                        new ProblemException(ProblemType.NOT_FOUND, "there is no such saga, or it is forgotten")));
    }

    private static String stepOf(SagaView saga, OrderForm form) {
        if (form.step() != null) {
            return form.step();
        }
        if (saga.step() == null) {
            throw refused(Ignored.ENDED);
        }
        return saga.step();
    }

    private static void refuse(Outcome outcome) {
        switch (outcome) {
            case Outcome.Done _ -> {}
            case Outcome.Refused(Ignored why) -> throw refused(why);
            case Outcome.Unknown _ -> throw new ProblemException(ProblemType.NOT_FOUND, "there is no such saga");
        }
    }

    private static ProblemException refused(Ignored why) {
        return new ProblemException(ProblemType.CONFLICT, Refusals.of(why));
    }

    private static UUID idOf(String text) {
        return Limits.id(text)
                .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "the id of a saga is a UUID"));
    }

    private static Response fresh(Object body) {
        return Response.ok(body).header("Cache-Control", "no-store").build();
    }
}
