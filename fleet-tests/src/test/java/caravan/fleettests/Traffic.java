package caravan.fleettests;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Many requests, and how long they took. */
final class Traffic {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Duration CALM = Duration.ofMillis(20);
    private static final Duration CALM_FOR = Duration.ofSeconds(4);
    private static final int MOST_ROUNDS = 8;

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(BOUND)
            .build();

    record Sample(int status, long micros) {}

    private Traffic() {}

    /** All at once; the answers, those that failed left out. */
    static List<HttpResponse<String>> together(int times, IntFunction<HttpRequest.Builder> request) {
        List<CompletableFuture<HttpResponse<String>>> calls = IntStream.range(0, times)
                .mapToObj(i -> CLIENT.sendAsync(request.apply(i).timeout(BOUND).build(), BodyHandlers.ofString()))
                .toList();
        return calls.stream()
                .map(call -> call.handle((answer, _) -> answer).join())
                .filter(java.util.Objects::nonNull)
                .toList();
    }

    /** At a steady rate, whatever the answers do: a slow answer holds up no other request. */
    static List<Sample> steadily(int perSecond, Duration length, IntFunction<HttpRequest.Builder> request) {
        List<Sample> samples = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<?>> calls = new ArrayList<>();
        long gapNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long startNs = System.nanoTime();
        for (int i = 0; i < perSecond * length.toSeconds(); i++) {
            long dueNs = startNs + i * gapNs;
            for (long left = dueNs - System.nanoTime(); left > 0; left = dueNs - System.nanoTime()) {
                java.util.concurrent.locks.LockSupport.parkNanos(left);
            }
            calls.add(CLIENT.sendAsync(request.apply(i).timeout(BOUND).build(), BodyHandlers.discarding())
                    .handle((answer, _) -> samples.add(
                            new Sample(answer == null ? 0 : answer.statusCode(), (System.nanoTime() - dueNs) / 1000))));
        }
        calls.forEach(CompletableFuture::join);
        return List.copyOf(samples);
    }

    /** {@link #steadily} on a thread of its own: the client answers on the common pool, which on two cores has but one. */
    static CompletableFuture<List<Sample>> alongside(
            int perSecond, Duration length, IntFunction<HttpRequest.Builder> request) {
        return CompletableFuture.supplyAsync(
                () -> steadily(perSecond, length, request),
                work -> Thread.ofPlatform().start(work));
    }

    /** Goes on until a young fleet has warmed up, or for half a minute; gives the last seconds. */
    static List<Sample> untilCalm(int perSecond, IntFunction<HttpRequest.Builder> request) {
        List<Sample> last = steadily(perSecond, CALM_FOR, request);
        for (int i = 1; i < MOST_ROUNDS && p99(last).compareTo(CALM) > 0; i++) {
            last = steadily(perSecond, CALM_FOR, request);
        }
        return last;
    }

    static Duration p99(Collection<Sample> samples) {
        long[] sorted = samples.stream().mapToLong(Sample::micros).sorted().toArray();
        return Duration.ofNanos(1000 * sorted[Math.min(sorted.length - 1, sorted.length * 99 / 100)]);
    }

    static long count(Collection<Sample> samples, int status) {
        return samples.stream().filter(sample -> sample.status() == status).count();
    }
}
