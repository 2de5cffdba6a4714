package caravan.common.cache;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The right to do something that one process at a time should do: a key in Redis with the token of its owner, which is renewed at a
 * third of its life until it is given up. An owner that dies stops renewing: the lease is free again within one life.
 *
 * <p>It keeps work from being done twice for nothing. It does not keep apart what must never happen twice: a process that was held up may
 * have lost its lease without knowing, and somebody else has it. So what is done under it must stand a second owner. On the context of
 * the line only.
 */
public final class Lease {

    private static final Script RENEW = Script.beside(Lease.class, "renew.lua");
    private static final Script GIVE_UP = Script.beside(Lease.class, "give-up.lua");

    private static final int RENEWALS_A_LIFE = 3;

    /** What becomes of it. */
    interface Watcher {
        void taken();

        void renewed();

        void lost();
    }

    private static final Watcher NOBODY = new Watcher() {
        @Override
        public void taken() {}

        @Override
        public void renewed() {}

        @Override
        public void lost() {}
    };

    private final RedisLine line;
    private final String key;
    private final Duration life;
    private final Watcher watcher;
    private final long timer;

    /** Null while it is not ours. */
    private @Nullable String token;

    private Lease(RedisLine line, String key, @Nullable String token, Duration life, Watcher watcher) {
        this.line = line;
        this.key = key;
        this.token = token;
        this.life = life;
        this.watcher = watcher;
        this.timer = line.context().owner().setPeriodic(Math.max(1, life.toMillis() / RENEWALS_A_LIFE), _ -> renew());
        goOn(token);
    }

    /** The lease, unless somebody else has it; fails when Redis is away. */
    public static Future<Optional<Lease>> take(RedisLine line, String key, Duration life) {
        String token = UUID.randomUUID().toString();
        Request set =
                Request.cmd(Command.SET).arg(key).arg(token).arg("NX").arg("PX").arg(life.toMillis());
        return line.send(set)
                .map(answer -> answer == null ? Optional.empty() : Optional.of(taken(line, key, token, life, NOBODY)));
    }

    /** With the token for which a script has just taken it; none: somebody else has it, or nobody. */
    static Lease taken(RedisLine line, String key, @Nullable String token, Duration life, Watcher watcher) {
        return new Lease(line, key, token, life, watcher);
    }

    /** A script has just taken it for this token: it had been lost. */
    void goOn(@Nullable String token) {
        if (token != null) {
            this.token = token;
            watcher.taken();
        }
    }

    @Nullable
    String token() {
        return token;
    }

    /** Ends renewing, as whoever dies does. */
    void stop() {
        line.context().owner().cancelTimer(timer);
    }

    /** Ends it for all, unless it is somebody else's by now. Never fails: without Redis it runs out. */
    public Future<Void> giveUp() {
        stop();
        return token == null
                ? Future.succeededFuture()
                : line.run(GIVE_UP, List.of(key), token).<Void>mapEmpty().otherwiseEmpty();
    }

    private void renew() {
        String mine = token;
        if (mine == null) {
            return;
        }
        line.run(RENEW, List.of(key), mine, life.toMillis()).onSuccess(answer -> {
            if (answer.toInteger() == 1) {
                watcher.renewed();
            } else if (mine.equals(token)) {
                token = null;
                watcher.lost();
            }
        });
    }
}
