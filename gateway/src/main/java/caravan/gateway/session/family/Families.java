package caravan.gateway.session.family;

import caravan.common.auth.Scope;
import caravan.gateway.session.family.FamilyStore.Decided;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Begins sessions, goes on with them, ends them. Works while Redis is down. */
@Singleton
public class Families {

    private static final Logger LOG = Logger.getLogger(Families.class);

    /** A session at one of its generations, and whom it stands for. */
    public record Member(UUID session, int sequence, UUID account, Set<Scope> scopes, String name, String email) {}

    private final FamilyStore store;
    private final DenyList denyList;
    private final DenyMarks marks;
    private final FamilyConfig config;
    private final FamilyMetrics metrics;
    private final InstantSource clock;

    Families(
            FamilyStore store,
            DenyList denyList,
            DenyMarks marks,
            FamilyConfig config,
            FamilyMetrics metrics,
            InstantSource clock) {
        this.store = store;
        this.denyList = denyList;
        this.marks = marks;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
    }

    public Uni<Void> begin(UUID session, UUID account, Set<Scope> scopes) {
        Instant now = now();
        Family family = new Family(
                session, account, scopes, 0, now, false, now.plus(config.idle()), now.plus(config.absolute()), null);
        return store.add(family);
    }

    /** Who may go on, and with which generation; empty for a token that is no good. */
    public Uni<Optional<Member>> goOn(RefreshToken presented) {
        return store.rotate(presented, now(), new Rotation.Policy(config.idle(), config.grace()))
                .invoke(decided -> metrics.decided(decided.rotation()))
                .chain(decided -> switch (decided.rotation()) {
                    case Rotation.Rotate(int sequence, Instant _) -> member(decided, sequence);
                    case Rotation.SameSuccessor(int sequence) -> member(decided, sequence);
                    case Rotation.Reuse _ -> reused(presented.family());
                    case Rotation.Invalid _ -> Uni.createFrom().item(Optional.empty());
                });
    }

    /** Idempotent; the session may be one without refresh tokens. */
    public Uni<Void> end(UUID session, RevokeReason reason) {
        return store.revoke(session, reason, now()).chain(() -> ended(session, reason));
    }

    private static Uni<Optional<Member>> member(Decided decided, int sequence) {
        return Uni.createFrom().item(decided.found().map(found -> {
            Family family = found.family();
            return new Member(family.id(), sequence, family.account(), family.scopes(), found.name(), found.email());
        }));
    }

    private Uni<Optional<Member>> reused(UUID session) {
        LOG.warnf("a refresh token was used again after its successor: the session has ended; sid=%s", session);
        return ended(session, RevokeReason.REUSE).map(_ -> Optional.empty());
    }

    private Uni<Void> ended(UUID session, RevokeReason reason) {
        denyList.add(session);
        metrics.revoked(reason);
        return marks.mark(session);
    }

    /** As exact as the database keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
