package caravan.inventory;

import caravan.common.cache.RedisLine;
import caravan.common.cache.Script;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The most viewed products: a sorted set in Redis, made of the table and raised with each flush. It holds totals, so that raising it twice
 * changes nothing. A Redis that has forgotten it gets it again.
 */
@Singleton
class Leaderboard {

    private static final Script RAISE = Script.beside(Leaderboard.class, "leaderboard.lua");
    private static final String KEY = "inventory:views:top";

    /** Ten times what anybody may ask for: who falls off the end comes back with the next view. */
    private static final int ROOM = 1_000;

    /** Then it is made anew of the table, whatever may have gone wrong meanwhile. */
    private static final Duration LIFE = Duration.ofHours(1);

    private final RedisLine line;
    private final ViewStore store;

    Leaderboard(InventoryRedis redis, ViewStore store) {
        this.line = redis.line();
        this.store = store;
    }

    /** Fails when Redis is away. */
    Uni<Void> raise(Map<String, Long> totals) {
        return run(totals, 0).chain(done -> done ? Uni.createFrom().voidItem() : rebuild());
    }

    Uni<Void> rebuild() {
        return store.top(ROOM)
                .map(all -> all.stream().collect(Collectors.toMap(Viewed::sku, Viewed::views)))
                .chain(all -> run(all, LIFE.toMillis()))
                .replaceWithVoid();
    }

    /** Skus with their views, the most viewed first; none when there is no board. Fails when Redis is away. */
    Uni<Map<String, Long>> top(int limit) {
        Request range = Request.cmd(Command.ZRANGE)
                .arg(KEY)
                .arg(0)
                .arg(limit - 1)
                .arg("REV")
                .arg("WITHSCORES");
        return line.ask(_ -> line.send(range).map(Leaderboard::views));
    }

    private Uni<Boolean> run(Map<String, Long> totals, long lifeMs) {
        List<Object> arguments = new ArrayList<>(List.of(ROOM, lifeMs));
        totals.forEach((sku, views) -> {
            arguments.add(sku);
            arguments.add(views);
        });
        return line.ask(_ -> {
            Future<Response> answer = line.run(RAISE, List.of(KEY), arguments.toArray());
            return answer.map(done -> done.toInteger() == 1);
        });
    }

    private static Map<String, Long> views(Response range) {
        Map<String, Long> views = new LinkedHashMap<>();
        for (int i = 0; i < range.size(); i += 2) {
            views.put(range.get(i).toString(), Math.round(range.get(i + 1).toDouble()));
        }
        return views;
    }
}
