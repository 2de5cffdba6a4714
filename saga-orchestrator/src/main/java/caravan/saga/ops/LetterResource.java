package caravan.saga.ops;

import caravan.common.auth.Authentication;
import caravan.common.auth.Requires;
import caravan.common.auth.Scope;
import caravan.common.http.Problem.FieldError;
import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import caravan.common.messaging.TraceContext;
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
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Dead letters for operators. Methods are public because Quarkus finds no others. */
@Path("/api/v1/ops/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
@Requires(Scope.OPS)
class LetterResource {

    private final LetterReads reads;
    private final LetterStore store;
    private final Authentication authentication;
    private final Body body;

    LetterResource(LetterReads reads, LetterStore store, Authentication authentication, Body body) {
        this.reads = reads;
        this.store = store;
        this.authentication = authentication;
        this.body = body;
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Page(List<LetterView> items, @Nullable String nextCursor) {}

    /**
     * What a bulk decision did.
     *
     * @param heldBack matched, but an earlier one of the same saga is not (they would be out of order), or the step's undo was skipped
     */
    record Bulk(int matched, boolean dryRun, int done, int heldBack) {}

    record Reason(@Nullable String reason) {
        static final Reason NONE = new Reason(null);
    }

    @GET
    public Uni<Response> list(
            @QueryParam("state") @Nullable String state,
            @QueryParam("topic") @Nullable String topic,
            @QueryParam("cause") @Nullable String cause,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        int most = Limits.page(limit);
        return reads.list(LetterFilter.of(state, topic, cause), Limits.number(cursor), most + 1)
                .map(found -> fresh(page(found, most)));
    }

    private static Page page(List<LetterView> found, int most) {
        return found.size() <= most
                ? new Page(found, null)
                : new Page(
                        found.subList(0, most),
                        Long.toString(found.get(most - 1).number()));
    }

    @GET
    @Path("/{id}")
    public Uni<Response> show(@PathParam("id") String id) {
        return find(idOf(id)).map(LetterResource::fresh);
    }

    @POST
    @Path("/{id}/replay")
    public Uni<Response> replay(@PathParam("id") String id) {
        UUID letter = idOf(id);
        Instant now = Instant.now();
        LetterStore.Decision decision = decision(now, TraceContext.current().traceparent());
        return find(letter)
                .invoke(seen -> refuseReplay(seen, now))
                .chain(() -> store.queue(letter, decision))
                .invoke(
                        done -> refuseUnless(
                                done,
                                "an earlier letter of the same saga is open: replay that first; or the undo of this step was skipped: discard it"))
                .chain(() -> find(letter))
                .map(LetterResource::fresh);
    }

    @POST
    @Path("/{id}/discard")
    public Uni<Response> discard(@PathParam("id") String id, byte[] json) throws IOException {
        UUID letter = idOf(id);
        LetterStore.Decision decision = decision(Instant.now(), reason(json));
        return find(letter)
                .invoke(LetterResource::refuseDecided)
                .chain(() -> store.discard(letter, decision))
                .invoke(done -> refuseUnless(done, "somebody else has decided it meanwhile"))
                .chain(() -> find(letter))
                .map(LetterResource::fresh);
    }

    @POST
    @Path("/replay")
    public Uni<Response> replayAll(
            @QueryParam("topic") @Nullable String topic,
            @QueryParam("cause") @Nullable String cause,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("dryRun") @DefaultValue("false") boolean dryRun) {
        LetterFilter filter = LetterFilter.of(null, topic, cause);
        int most = Limits.bulk(limit);
        LetterStore.Decision decision =
                decision(Instant.now(), TraceContext.current().traceparent());
        return (dryRun ? store.count(filter, most, decision.at()) : store.queue(filter, most, decision))
                .map(counted -> fresh(new Bulk(
                        counted.matched(), dryRun, dryRun ? 0 : counted.done(), counted.matched() - counted.done())));
    }

    @POST
    @Path("/discard")
    public Uni<Response> discardAll(
            @QueryParam("topic") @Nullable String topic,
            @QueryParam("cause") @Nullable String cause,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("dryRun") @DefaultValue("false") boolean dryRun,
            byte[] json)
            throws IOException {
        LetterFilter filter = LetterFilter.of(null, topic, cause);
        int most = Limits.bulk(limit);
        LetterStore.Decision decision = decision(Instant.now(), reason(json));
        return (dryRun ? store.count(filter, most, decision.at()) : store.discard(filter, most, decision))
                .map(counted -> fresh(new Bulk(counted.matched(), dryRun, dryRun ? 0 : counted.done(), 0)));
    }

    private LetterStore.Decision decision(Instant at, @Nullable String word) {
        return new LetterStore.Decision(authentication.token().subject().toString(), at, word);
    }

    private Uni<LetterView> find(UUID id) {
        return reads.find(id)
                .map(found -> found.orElseThrow(
                        () -> new ProblemException(ProblemType.NOT_FOUND, "there is no such dead letter")));
    }

    private void refuseReplay(LetterView letter, Instant now) {
        refuseDecided(letter);
        if (store.isTooOld(letter.topic(), letter.saidAt(), now)) {
            throw new ProblemException(
                    ProblemType.CONFLICT, "it is older than the replay window: its saga may be forgotten. Discard it");
        }
    }

    private static void refuseDecided(LetterView letter) {
        refuseUnless(letter.state() == LetterState.OPEN, "it is decided already: " + letter.state());
    }

    private static void refuseUnless(boolean allowed, String otherwise) {
        if (!allowed) {
            throw new ProblemException(ProblemType.CONFLICT, otherwise);
        }
    }

    private String reason(byte[] json) throws IOException {
        String reason = body.read(json, Reason.NONE, Reason.class).reason();
        if (reason == null || reason.isBlank() || reason.length() > Limits.LONGEST_REASON) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST,
                    "the request has invalid fields",
                    List.of(new FieldError("/reason", "is required, with 1 to 500 characters")));
        }
        return reason;
    }

    private static UUID idOf(String text) {
        return Limits.id(text)
                .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "the id of a dead letter is a UUID"));
    }

    private static Response fresh(Object body) {
        return Response.ok(body).header("Cache-Control", "no-store").build();
    }
}
