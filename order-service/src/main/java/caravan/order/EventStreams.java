package caravan.order;

import caravan.common.log.Facts;
import caravan.common.messaging.Faults;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Orders as {@code text/event-stream}. What a client has not seen yet stands in the order's view, so nothing is kept for it
 * but its place, and no more than one write is under way: while a client is slow, changes pile up nowhere, and its next
 * write has them all.
 */
@Singleton
class EventStreams {

    private static final Logger LOG = Logger.getLogger(EventStreams.class);
    private static final String HEARTBEAT = ":\n\n";

    private final OrderWatch watch;
    private final OrderConfig.Watch config;
    private final OrderMetrics metrics;

    EventStreams(OrderWatch watch, OrderConfig config, OrderMetrics metrics) {
        this.watch = watch;
        this.config = config.watch();
        this.metrics = metrics;
    }

    /**
     * Done when the stream is. Whoever asks for what comes after the final event gets no stream at all: nothing is written,
     * and that is a 204.
     */
    Uni<Void> follow(ViewStore.Stored order, @Nullable String lastEventId, HttpServerResponse response) {
        OrderView view = order.view();
        int seen = StatusEvent.lastSeen(lastEventId, view);
        boolean nothingLeft = view.hasEnded() && StatusEvent.after(seen, view).isEmpty();
        return nothingLeft ? Uni.createFrom().voidItem() : watch.admit(new Stream(order, view, seen, response).run());
    }

    private final class Stream {

        private final HttpServerResponse response;
        private final long end = System.nanoTime() + config.longest().toNanos();
        private ViewStore.Stored order;
        private OrderView view;
        private int seen;

        private Stream(ViewStore.Stored order, OrderView view, int seen, HttpServerResponse response) {
            this.order = order;
            this.view = view;
            this.seen = seen;
            this.response = response;
        }

        private Uni<Void> run() {
            return Uni.createFrom()
                    .deferred(this::open)
                    .chain(() -> Multi.createBy()
                            .repeating()
                            .uni(this::turn)
                            .until(over -> over)
                            .onItem()
                            .ignoreAsUni())
                    .onFailure()
                    .recoverWithItem(this::cutOff);
        }

        private Uni<Void> open() {
            response.setChunked(true)
                    .putHeader(HttpHeaders.CONTENT_TYPE, MediaType.SERVER_SENT_EVENTS)
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    // A proxy of the nginx kind would keep the events to itself until it has a bufferful.
                    .putHeader("X-Accel-Buffering", "no");
            return write("retry: " + config.retry().toMillis() + "\n\n");
        }

        /** Says what is new, or that it is still there, and waits for more. True when the stream is over. */
        private Uni<Boolean> turn() {
            List<StatusEvent> news = StatusEvent.after(seen, view);
            String text = news.stream().map(StatusEvent::frame).collect(Collectors.joining());
            return write(news.isEmpty() ? HEARTBEAT : text).chain(() -> {
                told(news);
                return isOver()
                        ? Uni.createFrom().item(true)
                        : watch.next(order, patience())
                                .invoke(found -> found.ifPresent(this::see))
                                .replaceWith(false);
            });
        }

        private void told(List<StatusEvent> news) {
            if (!news.isEmpty()) {
                seen = news.getLast().sequence();
                metrics.eventsSent(news.size());
            }
        }

        private void see(ViewStore.Stored newer) {
            order = newer;
            view = newer.view();
        }

        private boolean isOver() {
            return view.hasEnded() || watch.isClosing() || System.nanoTime() >= end;
        }

        private Duration patience() {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            return left.compareTo(config.heartbeat()) < 0 ? left : config.heartbeat();
        }

        private Uni<Void> write(String text) {
            return Uni.createFrom()
                    .completionStage(() -> response.write(text).toCompletionStage())
                    .ifNoItem()
                    .after(config.slowest())
                    .fail();
        }

        /** The client is gone, or takes nothing any more; a reset shows it that this was not the end. */
        private @Nullable Void cutOff(Throwable fault) {
            // Clients come and go; what ends a stream while its client is there is worth a line.
            if (!response.closed()) {
                Facts.ofOrder(order.id()).tell(() -> LOG.warnf("the stream ends early: %s", Faults.describe(fault)));
                response.reset();
            }
            return null;
        }
    }
}
