package caravan.saga.ops;

import caravan.common.auth.Requires;
import caravan.common.auth.Scope;
import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import caravan.common.messaging.Faults;
import caravan.saga.runtime.Census;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What this service knows of the fleet; the gateway puts it together with what the others and itself know. Each part is asked of
 * one server: one that is away takes no other part with it. Methods are public because Quarkus finds no others.
 */
@Path("/api/v1/ops/fleet")
@Produces(MediaType.APPLICATION_JSON)
@Requires(Scope.OPS)
class FleetResource {

    private static final Logger LOG = Logger.getLogger(FleetResource.class);

    /** The gateway waits two seconds: what is known by then is better than nothing. */
    private static final Duration PATIENCE = Duration.ofMillis(1_500);

    private final Census census;
    private final FleetReads reads;
    private final LetterReads letters;
    private final ConsumerLags lags;

    FleetResource(Census census, FleetReads reads, LetterReads letters, ConsumerLags lags) {
        this.census = census;
        this.reads = reads;
        this.letters = letters;
        this.lags = lags;
    }

    record Letters(long open, Map<String, Long> byTopic) {}

    record Lags(List<ConsumerLags.Lag> items) {}

    /**
     * What is not there nobody could say.
     *
     * @param at when it was looked: the next {@code since}
     * @param changes only for whoever says since when
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Known(
            Instant at, @Nullable Sagas figures, @Nullable Lags lags, FleetReads.@Nullable Changes changes) {}

    /** From the database, all or nothing of it. */
    record Sagas(Census.Counts sagas, Letters deadLetters, FleetReads.LastMinute lastMinute, List<Pace.Bucket> pace) {}

    @GET
    public Uni<Response> show(@QueryParam("since") @Nullable String since) {
        Instant now = Instant.now();
        @Nullable Instant last = since == null ? null : time(since);
        return Uni.combine()
                .all()
                .unis(known("sagas", sagas(now)), known("lags", lags.current()), known("changes", changes(last)))
                .asTuple()
                .map(parts -> Response.ok(new Known(
                                now,
                                parts.getItem1().orElse(null),
                                parts.getItem2().map(Lags::new).orElse(null),
                                parts.getItem3().orElse(null)))
                        .header("Cache-Control", "no-store")
                        .build());
    }

    private Uni<Sagas> sagas(Instant now) {
        return census.take(now)
                .chain(counts -> letters.openByTopic()
                        .chain(open -> reads.lastMinute(now)
                                .chain(minute ->
                                        reads.pace(now).map(pace -> new Sagas(counts, letters(open), minute, pace)))));
    }

    private static Letters letters(Map<String, Long> byTopic) {
        return new Letters(byTopic.values().stream().mapToLong(Long::longValue).sum(), byTopic);
    }

    private Uni<FleetReads.Changes> changes(@Nullable Instant since) {
        return since == null ? Uni.createFrom().nullItem() : reads.changes(since);
    }

    /** Empty when it is not to be had. */
    private static <T> Uni<Optional<T>> known(String what, Uni<T> part) {
        return part.map(Optional::ofNullable)
                .ifNoItem()
                .after(PATIENCE)
                .fail()
                .onFailure()
                .recoverWithItem(fault -> {
                    LOG.debugf("nobody knows the fleet's %s: %s", what, Faults.describe(fault));
                    return Optional.empty();
                });
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException _) {
            throw new ProblemException(ProblemType.BAD_REQUEST, "since is a time like 2026-01-01T00:00:00Z");
        }
    }
}
