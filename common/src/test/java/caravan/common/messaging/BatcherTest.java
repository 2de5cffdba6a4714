package caravan.common.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class BatcherTest {

    private static final Duration BOUND = Duration.ofSeconds(5);
    private static final Vertx VERTX = Vertx.vertx();

    private final Context context = VERTX.getOrCreateContext();
    private final List<List<Integer>> batches = new CopyOnWriteArrayList<>();
    private final Queue<UniEmitter<? super List<Integer>>> held = new ConcurrentLinkedQueue<>();

    @AfterAll
    static void stop() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void startsAtOnceWhenIdle() {
        Batcher<Integer, Integer> batcher = batcher(10, 10, this::doubling);

        assertThat(batcher.submit(21).await().atMost(BOUND)).isEqualTo(42);
        assertThat(batches).containsExactly(List.of(21));
    }

    @Test
    void joinsWhatComesWhileABatchIsUnderWay() throws Exception {
        Batcher<Integer, Integer> batcher = batcher(3, 10, this::holding);
        List<CompletableFuture<Integer>> results = new ArrayList<>();
        IntStream.range(0, 6).forEach(i -> results.add(submit(batcher, i)));

        awaitHeld().complete(List.of(0));
        awaitHeld().complete(List.of(1, 2, 3));
        awaitHeld().complete(List.of(4, 5));

        for (int i = 0; i < 6; i++) {
            assertThat(results.get(i).get(5, TimeUnit.SECONDS)).isEqualTo(i);
        }
        assertThat(batches).containsExactly(List.of(0), List.of(1, 2, 3), List.of(4, 5));
    }

    @Test
    void turnsAwayWhatMayNotWait() {
        Batcher<Integer, Integer> batcher = batcher(1, 2, this::holding);
        List<CompletableFuture<Integer>> waiting =
                IntStream.range(0, 3).mapToObj(i -> submit(batcher, i)).toList();

        assertThatThrownBy(() -> batcher.submit(3).await().atMost(BOUND)).isInstanceOf(Batcher.FullException.class);
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void letsABadPieceFailAlone() throws Exception {
        Batcher<Integer, Integer> batcher = batcher(10, 10, batch -> {
            batches.add(batch);
            return batch.contains(13)
                    ? Uni.createFrom().failure(new IllegalArgumentException("13"))
                    : Uni.createFrom().item(batch);
        });

        List<CompletableFuture<Integer>> results = together(batcher, List.of(12, 13, 14));

        assertThat(results.get(0).get(5, TimeUnit.SECONDS)).isEqualTo(12);
        assertThat(results.get(2).get(5, TimeUnit.SECONDS)).isEqualTo(14);
        assertThatThrownBy(() -> results.get(1).get(5, TimeUnit.SECONDS)).hasRootCauseMessage("13");
    }

    @Test
    void doesNotRepeatABatchWhileTheSurroundingsAreAway() {
        Batcher<Integer, Integer> batcher = batcher(10, 10, batch -> {
            batches.add(batch);
            return Uni.createFrom().failure(new ConnectException("refused"));
        });

        List<CompletableFuture<Integer>> results = together(batcher, List.of(1, 2, 3));

        results.forEach(result -> assertThatThrownBy(() -> result.get(5, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(ConnectException.class));
        assertThat(batches).containsExactly(List.of(0), List.of(1, 2, 3));
    }

    private Uni<List<Integer>> doubling(List<Integer> batch) {
        batches.add(batch);
        return Uni.createFrom().item(batch.stream().map(i -> i * 2).toList());
    }

    private Uni<List<Integer>> holding(List<Integer> batch) {
        return Uni.createFrom().emitter(emitter -> {
            batches.add(batch);
            held.add(emitter);
        });
    }

    private UniEmitter<? super List<Integer>> awaitHeld() {
        return await().atMost(BOUND).until(held::poll, Objects::nonNull);
    }

    @Test
    void keepsTheStartsOfBatchesApart() {
        Batcher<Integer, Integer> batcher = new Batcher<>(context, 10, 10, 1, Duration.ofMillis(300), this::doubling);
        long before = System.nanoTime();

        batcher.submit(1).await().atMost(BOUND);
        List<CompletableFuture<Integer>> results = List.of(submit(batcher, 2), submit(batcher, 3), submit(batcher, 4));

        results.forEach(result ->
                assertThat(result.orTimeout(5, TimeUnit.SECONDS).join()).isPositive());
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(batches).containsExactly(List.of(1), List.of(2, 3, 4));
    }

    private static CompletableFuture<Integer> submit(Batcher<Integer, Integer> batcher, int item) {
        return batcher.submit(item).subscribeAsCompletionStage().toCompletableFuture();
    }

    /** Submitted within one turn of the event loop behind a piece 0, so that they are one batch. */
    private List<CompletableFuture<Integer>> together(Batcher<Integer, Integer> batcher, List<Integer> items) {
        CompletableFuture<List<CompletableFuture<Integer>>> results = new CompletableFuture<>();
        context.runOnContext(_ -> {
            var _ = submit(batcher, 0);
            results.complete(items.stream().map(item -> submit(batcher, item)).toList());
        });
        return results.orTimeout(5, TimeUnit.SECONDS).join();
    }

    private Batcher<Integer, Integer> batcher(
            int maxBatch, int maxWaiting, Function<List<Integer>, Uni<List<Integer>>> work) {
        return new Batcher<>(context, maxBatch, maxWaiting, 1, Duration.ZERO, work);
    }
}
