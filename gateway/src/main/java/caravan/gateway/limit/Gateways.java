package caravan.gateway.limit;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.UUID;
import java.util.function.IntSupplier;

/** How many gateways live, each of which says so in Redis every second. While Redis is away the last number stands. */
final class Gateways implements IntSupplier {

    static final Duration BEAT = Duration.ofSeconds(1);

    /** Three lost beats. */
    private static final Duration GONE_AFTER = Duration.ofSeconds(3);

    private final String name = UUID.randomUUID().toString();
    private final Script script = Script.resource("heartbeat.lua");
    private volatile int live = 1;

    @Override
    public int getAsInt() {
        return live;
    }

    /** On the line's event loop. */
    void beat(RedisLine line) {
        if (line.up()) {
            line.send(Request.cmd(Command.EVAL)
                            .arg(script.text())
                            .arg(1)
                            .arg("limit-gateways")
                            .arg(name)
                            .arg(GONE_AFTER.toNanos() / 1000))
                    .onSuccess(count -> live = Math.clamp(count.toLong(), 1, Rate.MOST_SHARES));
        }
    }

    /** An orderly end: the others' shares grow at once. */
    void leave(RedisLine line) {
        if (line.up()) {
            line.send(Request.cmd(Command.ZREM).arg("limit-gateways").arg(name));
        }
    }
}
