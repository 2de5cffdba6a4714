package caravan.gateway.proxy.cache;

import caravan.common.http.ProblemType;
import caravan.gateway.proxy.Fetched;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** What a service might say, in one line. */
final class Said {

    static final String FOR_ALL = "public, max-age=60, stale-while-revalidate=300";
    static final Duration MOST_GRACE = Duration.ofMinutes(5);

    private Said() {}

    /** @param headers name, value, name, value */
    static MultiMap headers(String... headers) {
        MultiMap map = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < headers.length; i += 2) {
            map.add(headers[i], headers[i + 1]);
        }
        return map;
    }

    static Fetched.Whole ok(String body, String... headers) {
        return new Fetched.Whole(200, headers(headers), Buffer.buffer(body));
    }

    static Fetched.Trouble notFound(String... headers) {
        return new Fetched.Trouble(ProblemType.NOT_FOUND, "there is no such product", headers(headers));
    }

    /** One for everybody, for 60 s and 300 s beyond, asked for at this time. */
    static Answer answer(long askedAtMs, String body, String... headers) {
        Fetched.Whole said = ok(body, headers);
        said.headers().add("Cache-Control", FOR_ALL);
        return Answer.of(said, askedAtMs, MOST_GRACE).orElseThrow();
    }
}
