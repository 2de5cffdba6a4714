package caravan.gateway.proxy.fleet;

import caravan.gateway.proxy.Caller;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;

/**
 * Somebody who watches. Nothing is kept for a viewer: who is too slow for one look sees the next, and who takes nothing for long is
 * let go. Told on its own event loop, whoever tells.
 */
final class Viewer {

    /** As a client reconnects when the stream ends: at its token's end it comes back with another. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Looks that somebody may miss in a row: half a minute. */
    private static final int MOST_MISSED = 15;

    private final HttpServerResponse response;
    private final Context home;
    private final Caller caller;
    private int missed;

    Viewer(HttpServerResponse response, Context home, Caller caller) {
        this.response = response;
        this.home = home;
        this.caller = caller;
    }

    String bearer() {
        return caller.bearer();
    }

    void open() {
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                // A proxy of the nginx kind would keep the events to itself until it has a bufferful.
                .putHeader("X-Accel-Buffering", "no");
        response.write("retry: " + RETRY.toMillis() + "\n\n");
    }

    void tell(String frames) {
        home.runOnContext(_ -> write(frames));
    }

    void end() {
        home.runOnContext(_ -> {
            if (!isGone()) {
                response.end();
            }
        });
    }

    /** Its right to look has ended. */
    boolean isOver(Instant now) {
        return !caller.until().isAfter(now);
    }

    /** Any thread. */
    boolean isGone() {
        return response.closed() || response.ended();
    }

    private void write(String frames) {
        if (isGone()) {
            return;
        }
        if (!response.writeQueueFull()) {
            missed = 0;
            response.write(frames);
        } else if (++missed > MOST_MISSED) {
            response.reset();
        }
    }
}
