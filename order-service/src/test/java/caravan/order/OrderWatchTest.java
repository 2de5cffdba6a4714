package caravan.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.common.http.ProblemException;
import caravan.fleet.testing.Backends;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A watch of our own beside that of the service, with the real database under both. */
@QuarkusTest
@WithTestResource(Backends.class)
class OrderWatchTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Inject
    Pool pool;

    @Inject
    ViewStore views;

    @Inject
    Vertx vertx;

    private final OrderMetrics metrics = new OrderMetrics(new SimpleMeterRegistry());
    private final OrderConfig config = config();
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger resets = new AtomicInteger();
    private OrderWatch watch;
    private ViewStore.Stored order;

    @BeforeEach
    void storeAnOrder() {
        watch = new OrderWatch(views, config, metrics, vertx);
        order = stored();
    }

    @AfterEach
    void stop() {
        watch.stop(new ShutdownEvent());
    }

    @Test
    void wakesAtOnceWhatThisProcessChanged() throws Exception {
        var waiting = waitFor(order);
        var other = waitFor(stored());
        change(order);

        watch.changed(List.of(order.id(), UUID.randomUUID()));

        assertThat(waiting.get(30, TimeUnit.SECONDS).orElseThrow().version()).isEqualTo(2);
        assertThat(other).isNotDone();
    }

    @Test
    void findsWhatAnotherProcessChanged() throws Exception {
        watch.start(new StartupEvent());
        var waiting = waitFor(order);
        var again = waitFor(order);

        change(order);

        assertThat(waiting.get(30, TimeUnit.SECONDS).orElseThrow().version()).isEqualTo(2);
        assertThat(again.get(30, TimeUnit.SECONDS).orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void findsWhatChangedBeforeAnybodyWaited() throws Exception {
        change(order);
        change(order);
        watch.start(new StartupEvent());

        var waiting = waitFor(order);

        assertThat(waiting.get(30, TimeUnit.SECONDS).orElseThrow().version()).isEqualTo(3);
    }

    @Test
    void doesNotWakeForWhatIsKnown() throws Exception {
        change(order);
        var known = new ViewStore.Stored(order.id(), order.createdAt(), 2, "{}");
        var upToDate = waitFor(known);
        var behind = waitFor(order);

        watch.changed(List.of(order.id()));

        assertThat(behind.get(30, TimeUnit.SECONDS)).isPresent();
        assertThat(upToDate).isNotDone();
    }

    @Test
    void hasNothingWhenTheTimeIsOver() throws Exception {
        var waiting = watch.next(order, Duration.ofMillis(50)).subscribeAsCompletionStage();

        assertThat(waiting.get(30, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void refusesMoreWatchersThanItHasPlacesFor() {
        var first = watch.admit(watch.next(order, LONG)).subscribe().with(_ -> {});
        watch.admit(watch.next(order, LONG)).subscribe().with(_ -> {});

        assertThatThrownBy(() -> watch.until(_ -> false, order, LONG).await().atMost(LONG))
                .isInstanceOf(ProblemException.class);
        assertThat(watch.watchers()).isEqualTo(2);
        first.cancel();
        assertThat(watch.watchers()).isEqualTo(1);
        assertThat(watch.until(_ -> true, order, LONG).await().atMost(LONG)).isSameAs(order);
    }

    @Test
    void letsEverybodyGoWhenTheProcessStops() throws Exception {
        var waiting = waitFor(order);

        watch.close(new ShutdownDelayInitiatedEvent());

        assertThat(waiting.get(30, TimeUnit.SECONDS)).isEmpty();
        assertThat(waitFor(order).get(30, TimeUnit.SECONDS)).isEmpty();
        assertThat(watch.until(_ -> false, order, LONG).await().atMost(Duration.ofSeconds(10)))
                .isSameAs(order);
    }

    @Test
    void cutsOffAListenerThatTakesNothing() {
        follow(Promise.<Void>promise().future());

        assertThat(writes).hasValue(1);
        assertThat(resets).hasValue(1);
        assertThat(watch.watchers()).isZero();
    }

    @Test
    void endsAStreamThatHasLastedLongEnough() {
        follow(Future.succeededFuture());

        // The hint when to come again, the state, and that it is still there.
        assertThat(writes).hasValueGreaterThanOrEqualTo(3);
        assertThat(resets).hasValue(0);
        assertThat(watch.watchers()).isZero();
    }

    /** Until the stream ends. Each write to the listener ends as {@code written} does. */
    private void follow(Future<Void> written) {
        HttpServerResponse listener = (HttpServerResponse) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HttpServerResponse.class},
                (proxy, method, _) -> switch (method.getName()) {
                    case "write" -> {
                        writes.incrementAndGet();
                        yield written;
                    }
                    case "closed" -> false;
                    case "reset" -> resets.incrementAndGet() > 0;
                    default -> proxy;
                });
        new EventStreams(watch, config, metrics)
                .follow(order, null, listener)
                .await()
                .atMost(Duration.ofSeconds(30));
    }

    private CompletableFuture<Optional<ViewStore.Stored>> waitFor(ViewStore.Stored known) {
        return watch.next(known, LONG).subscribeAsCompletionStage();
    }

    private ViewStore.Stored stored() {
        UUID id = UUID.randomUUID();
        pool.preparedQuery("""
                        insert into order_views
                          (order_id, customer_id, status, sequence, version, created_at, started, announced_at, document)
                        values ($1, $1, 'PENDING', 0, 1, now(), true, now(), '{}')""").execute(Tuple.of(id)).await().atMost(LONG);
        return new ViewStore.Stored(id, Instant.now(), 1, view(id));
    }

    private static String view(UUID id) {
        return """
                {"id": "%s", "status": "PENDING", "createdAt": "2026-01-01T00:00:00Z", "items": [], "timeline": []}""".formatted(id);
    }

    private void change(ViewStore.Stored stored) {
        pool.preparedQuery("update order_views set version = version + 1 where order_id = $1")
                .execute(Tuple.of(stored.id()))
                .await()
                .atMost(LONG);
    }

    private static OrderConfig config() {
        return new SmallRyeConfigBuilder()
                .withMapping(OrderConfig.class)
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withDefaultValue("caravan.order.watch.max", "2")
                .withDefaultValue("caravan.order.watch.every", "20ms")
                .withDefaultValue("caravan.order.watch.slowest", "100ms")
                .withDefaultValue("caravan.order.watch.longest", "300ms")
                .build()
                .getConfigMapping(OrderConfig.class);
    }
}
