package caravan.gateway.session.family;

import caravan.common.auth.TokenVerifier;
import caravan.gateway.session.key.Keys;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.inject.Singleton;
import java.util.UUID;

/**
 * Tells Redis which session has ended: {@code deny:<sid>}, which the limiter looks up with each request, and which goes with
 * the session's last access token. Best effort: the table is the truth, and every gateway reads it twice a second.
 */
@Singleton
class DenyMarks {

    private static final String KEY = "deny:";
    private static final String SECONDS =
            Long.toString(Keys.TOKEN_LIFE.plus(TokenVerifier.LEEWAY).toSeconds());

    private final Redis redis;
    private final FamilyConfig config;
    private final FamilyMetrics metrics;

    DenyMarks(Redis redis, FamilyConfig config, FamilyMetrics metrics) {
        this.redis = redis;
        this.config = config;
        this.metrics = metrics;
    }

    /** Ends in time, and never fails. */
    Uni<Void> mark(UUID session) {
        Request set =
                Request.cmd(Command.SET).arg(KEY + session).arg("1").arg("EX").arg(SECONDS);
        return Uni.createFrom()
                .completionStage(() -> redis.send(set).toCompletionStage())
                .replaceWithVoid()
                .ifNoItem()
                .after(config.denyMarkTimeout())
                .fail()
                .onFailure()
                .invoke(metrics::markFailed)
                .onFailure()
                .recoverWithNull();
    }
}
