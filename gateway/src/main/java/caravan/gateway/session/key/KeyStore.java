package caravan.gateway.session.key;

import caravan.gateway.session.key.KeyRollover.Policy;
import caravan.gateway.session.key.KeyRollover.Step;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The table of keys. Steps are taken by one gateway at a time, on what it finds under the lock. */
@Singleton
class KeyStore {

    private static final Logger LOG = Logger.getLogger(KeyStore.class);

    /** Any number that nobody else in this database takes. */
    private static final long LOCK = 0x6b65_7973L;

    private static final String ONE_AT_A_TIME = "select pg_advisory_xact_lock($1)";

    private static final String ALL =
            "select kid, state, since, public_key, sealed_private_key from signing_keys order by since desc, kid";

    private static final String ADD =
            "insert into signing_keys (kid, state, since, public_key, sealed_private_key) values ($1, $2, $3, $4, $5)";

    private static final String MOVE = "update signing_keys set state = $2, since = $3 where kid = $1";

    private static final String DROP = "delete from signing_keys where kid = $1";

    private final Pool pool;
    private final KeySeal seal;

    KeyStore(Pool pool, KeySeal seal) {
        this.pool = pool;
        this.seal = seal;
    }

    Uni<List<StoredKey>> all() {
        return all(pool);
    }

    /** @param fresh what is stored if a key is to be added */
    Uni<Void> step(KeyPair fresh, Instant now, Policy policy) {
        return pool.withTransaction(tx -> tx.preparedQuery(ONE_AT_A_TIME)
                .execute(Tuple.of(LOCK))
                .chain(() -> all(tx))
                .chain(keys -> KeyRollover.decide(
                                keys.stream().map(StoredKey::age).toList(), now, policy)
                        .map(step -> take(tx, step, fresh, now))
                        .orElseGet(() -> Uni.createFrom().voidItem())));
    }

    private Uni<Void> take(SqlConnection tx, Step step, KeyPair fresh, Instant now) {
        LOG.infof("signing keys: %s", step);
        return switch (step) {
            case Step.AddCurrent _ -> add(tx, KeyState.CURRENT, fresh, now);
            case Step.AddNext _ -> add(tx, KeyState.NEXT, fresh, now);
            case Step.Promote promote ->
                move(tx, promote.current(), KeyState.PREVIOUS, now)
                        .chain(() -> move(tx, promote.next(), KeyState.CURRENT, now));
            case Step.Drop drop ->
                tx.preparedQuery(DROP).execute(Tuple.of(drop.kid())).replaceWithVoid();
        };
    }

    private Uni<Void> add(SqlConnection tx, KeyState state, KeyPair pair, Instant now) {
        String kid = Rsa.kid((RSAPublicKey) pair.getPublic());
        Tuple row = Tuple.of(
                kid,
                state.name(),
                now.atOffset(ZoneOffset.UTC),
                Buffer.buffer(pair.getPublic().getEncoded()),
                Buffer.buffer(seal.seal(kid, pair.getPrivate().getEncoded())));
        return tx.preparedQuery(ADD).execute(row).replaceWithVoid();
    }

    private static Uni<Void> move(SqlConnection tx, String kid, KeyState state, Instant now) {
        return tx.preparedQuery(MOVE)
                .execute(Tuple.of(kid, state.name(), now.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    private static Uni<List<StoredKey>> all(SqlClient client) {
        return client.preparedQuery(ALL).execute().map(KeyStore::keys);
    }

    private static List<StoredKey> keys(RowSet<Row> rows) {
        List<StoredKey> keys = new ArrayList<>();
        for (Row row : rows) {
            KeyAge age = new KeyAge(
                    row.getString("kid"),
                    KeyState.valueOf(row.getString("state")),
                    row.getOffsetDateTime("since").toInstant());
            keys.add(new StoredKey(
                    age,
                    Rsa.publicKey(row.getBuffer("public_key").getBytes()),
                    Buffer.buffer(row.getBuffer("sealed_private_key").getBytes())));
        }
        return keys;
    }

    /** Empty until the first key is there. */
    Optional<SigningKey> current(List<StoredKey> keys) {
        return keys.stream()
                .filter(key -> key.age().state() == KeyState.CURRENT)
                .findFirst()
                .map(key -> new SigningKey(
                        key.kid(),
                        Rsa.privateKey(
                                seal.open(key.kid(), key.sealedPrivateKey().getBytes()))));
    }
}
