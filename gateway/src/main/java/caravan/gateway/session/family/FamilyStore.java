package caravan.gateway.session.family;

import caravan.common.auth.Scope;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table of families. Whatever changes one holds the lock of its row, so that revoke and refresh cannot pass each other. */
@Singleton
class FamilyStore {

    /** A family and whom it stands for. */
    record Found(Family family, String name, String email) {}

    record Decided(Rotation rotation, Optional<Found> found) {}

    private static final String ADD = """
            insert into token_families
                (id, account_id, scopes, rotated_at, created_at, idle_expires_at, absolute_expires_at)
            values ($1, $2, $3, $4, $4, $5, $6)""";

    private static final String LOCK = """
            select f.id, f.account_id, f.scopes, f.sequence, f.rotated_at, f.seen, f.idle_expires_at,
                   f.absolute_expires_at, f.revoked_at, a.name, a.email
            from token_families f join accounts a on a.id = f.account_id
            where f.id = $1 for update of f""";

    private static final String ROTATE = """
            update token_families set sequence = $2, rotated_at = $3, seen = false, idle_expires_at = $4 where id = $1""";

    private static final String REVOKE = """
            update token_families set revoked_at = $2, revoke_reason = $3 where id = $1 and revoked_at is null""";

    private static final String DENY = "insert into denied_sessions (sid) values ($1) on conflict do nothing";

    /** By id: two batches of two gateways may wait for one another, never both. */
    private static final String SEEN = """
            with locked as (
                select f.id from token_families f join unnest($1::uuid[], $2::int[]) as u (id, generation)
                    on f.id = u.id and f.sequence = u.generation
                where not f.seen order by f.id for update of f)
            update token_families f set seen = true from locked l where f.id = l.id""";

    /** A day after its end nobody asks any more what became of a session. */
    private static final String SWEEP = """
            delete from token_families where id in (
                select id from token_families
                where absolute_expires_at < now() - interval '1 day'
                order by absolute_expires_at limit 1000 for update skip locked)""";

    private final Pool pool;

    FamilyStore(Pool pool) {
        this.pool = pool;
    }

    Uni<Void> add(Family family) {
        Tuple row = Tuple.of(
                family.id(),
                family.account(),
                family.scopes().stream().sorted().map(Scope::text).toArray(String[]::new),
                utc(family.rotatedAt()),
                utc(family.idleExpiresAt()),
                utc(family.absoluteExpiresAt()));
        return pool.preparedQuery(ADD).execute(row).replaceWithVoid();
    }

    /** Decides on the row as it is under its lock, and does what was decided in the same transaction. */
    Uni<Decided> rotate(RefreshToken presented, Instant now, Rotation.Policy policy) {
        return pool.withTransaction(tx -> tx.preparedQuery(LOCK)
                .execute(Tuple.of(presented.family()))
                .map(rows -> rows.size() == 0 ? null : found(rows.iterator().next()))
                .chain(found -> apply(tx, decided(found, presented, now, policy), now)));
    }

    private static Decided decided(@Nullable Found found, RefreshToken presented, Instant now, Rotation.Policy policy) {
        return found == null
                ? new Decided(new Rotation.Invalid(), Optional.empty())
                : new Decided(Rotation.decide(found.family(), presented.sequence(), now, policy), Optional.of(found));
    }

    private static Uni<Decided> apply(SqlConnection tx, Decided decided, Instant now) {
        if (decided.found().isEmpty()) {
            return Uni.createFrom().item(decided);
        }
        UUID id = decided.found().get().family().id();
        Uni<Void> done = switch (decided.rotation()) {
            case Rotation.Rotate rotate ->
                tx.preparedQuery(ROTATE)
                        .execute(Tuple.of(id, rotate.sequence(), utc(now), utc(rotate.idleExpiresAt())))
                        .replaceWithVoid();
            case Rotation.Reuse _ -> end(tx, id, RevokeReason.REUSE, now);
            case Rotation.SameSuccessor _, Rotation.Invalid _ ->
                Uni.createFrom().voidItem();
        };
        return done.replaceWith(decided);
    }

    /** Also for a session without a family, which an API client has. */
    Uni<Void> revoke(UUID session, RevokeReason reason, Instant now) {
        return pool.withTransaction(tx -> end(tx, session, reason, now));
    }

    private static Uni<Void> end(SqlConnection tx, UUID session, RevokeReason reason, Instant now) {
        return tx.preparedQuery(REVOKE)
                .execute(Tuple.of(session, utc(now), reason.text()))
                .chain(() -> tx.preparedQuery(DENY).execute(Tuple.of(session)))
                .replaceWithVoid();
    }

    Uni<Void> seen(UUID[] families, Integer[] generations) {
        return pool.preparedQuery(SEEN).execute(Tuple.of(families, generations)).replaceWithVoid();
    }

    Uni<Void> sweep() {
        return pool.query(SWEEP).execute().replaceWithVoid();
    }

    private static Found found(Row row) {
        OffsetDateTime revokedAt = row.getOffsetDateTime("revoked_at");
        Family family = new Family(
                row.getUUID("id"),
                row.getUUID("account_id"),
                scopes(row.getArrayOfStrings("scopes")),
                row.getInteger("sequence"),
                row.getOffsetDateTime("rotated_at").toInstant(),
                row.getBoolean("seen"),
                row.getOffsetDateTime("idle_expires_at").toInstant(),
                row.getOffsetDateTime("absolute_expires_at").toInstant(),
                revokedAt == null ? null : revokedAt.toInstant());
        return new Found(family, row.getString("name"), row.getString("email"));
    }

    private static Set<Scope> scopes(String[] texts) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String text : texts) {
            Scope.parse(text).ifPresent(scopes::add);
        }
        return scopes;
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
