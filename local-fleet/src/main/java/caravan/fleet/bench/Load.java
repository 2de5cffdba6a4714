package caravan.fleet.bench;

import caravan.fleet.bench.Customers.Customer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntUnaryOperator;

/**
 * Open-loop arrivals: each order is due at its own time, whatever became of the ones before, and its latency counts from
 * then. So a server that stands still is charged for all who would have come meanwhile (no coordinated omission). One event
 * loop sends everything; it looks each millisecond what is due.
 */
final class Load implements AutoCloseable {

    private static final int CONNECTIONS = 256;
    private static final int MOST_WAITING = 20_000;
    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final int NO_ANSWER = 0;
    private static final int ACCEPTED = 202;
    private static final String ID = "\"id\":\"";
    private static final int UUID_LENGTH = 36;

    /** An accepted order. Times in microseconds since the epoch. */
    record Order(UUID id, long dueMicros, long answeredMicros) {}

    /** @param refused answers other than "accepted", by status; 0: none within 10 s */
    record Sent(int due, List<Order> accepted, Map<Integer, Integer> refused, long fromMicros, long toMicros) {}

    private final Vertx vertx =
            Vertx.vertx(new io.vertx.core.VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));

    private final HttpClient client = vertx.createHttpClient(
            new HttpClientOptions()
                    .setKeepAlive(true)
                    .setTcpNoDelay(true)
                    .setMaxWaitQueueSize(MOST_WAITING)
                    .setConnectTimeout(5_000),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS));

    private final URI gateway;
    private final List<Customer> customers;
    private final Mix mix;
    private int next;

    Load(URI gateway, List<Customer> customers, Mix mix) {
        this.gateway = gateway;
        this.customers = List.copyOf(customers);
        this.mix = mix;
    }

    /** @param rate orders a second in a given second of the run */
    Sent run(Duration length, IntUnaryOperator rate) {
        CompletableFuture<Sent> sent = new CompletableFuture<>();
        vertx.runOnContext(_ -> new Run(length, rate, sent).start());
        return sent.join();
    }

    @Override
    public void close() {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** All of it on the event loop. */
    private final class Run {

        private final long lengthNs;
        private final IntUnaryOperator rate;
        private final CompletableFuture<Sent> result;
        private final List<Order> accepted = new ArrayList<>();
        private final Map<Integer, Integer> refused = new HashMap<>();
        private long startNs;
        private long startMicros;
        private long dueNs;
        private int due;
        private int open;
        private boolean over;

        Run(Duration length, IntUnaryOperator rate, CompletableFuture<Sent> result) {
            this.lengthNs = length.toNanos();
            this.rate = rate;
            this.result = result;
        }

        void start() {
            startNs = System.nanoTime();
            startMicros = System.currentTimeMillis() * 1_000;
            dueNs = mix.gapNanos(rate.applyAsInt(0));
            vertx.setPeriodic(1, this::tick);
        }

        private void tick(long timer) {
            long now = System.nanoTime() - startNs;
            while (dueNs <= now && dueNs < lengthNs) {
                send(dueNs);
                dueNs += mix.gapNanos(rate.applyAsInt((int) (dueNs / 1_000_000_000L)));
            }
            if (dueNs >= lengthNs) {
                vertx.cancelTimer(timer);
                over = true;
                endWhenAnswered();
            }
        }

        private void send(long at) {
            due++;
            open++;
            Customer customer = customers.get(next++ % customers.size());
            Buffer body = mix.next().toBuffer();
            client.request(new RequestOptions()
                            .setMethod(HttpMethod.POST)
                            .setHost(gateway.getHost())
                            .setPort(gateway.getPort())
                            .setURI("/api/v1/orders")
                            .setTimeout(BOUND.toMillis())
                            .putHeader("Authorization", "Bearer " + customer.accessToken())
                            .putHeader("Content-Type", "application/json")
                            .putHeader("Idempotency-Key", UUID.randomUUID().toString())
                            .putHeader("X-Forwarded-For", customer.address()))
                    .compose((HttpClientRequest request) -> request.send(body))
                    .compose((HttpClientResponse response) ->
                            response.body().map(answer -> answered(at, response.statusCode(), answer)))
                    .onFailure(_ -> refused.merge(NO_ANSWER, 1, Integer::sum))
                    .onComplete(_ -> {
                        open--;
                        endWhenAnswered();
                    });
        }

        private boolean answered(long at, int status, Buffer answer) {
            if (status == ACCEPTED) {
                accepted.add(new Order(id(answer.toString()), micros(at), micros(System.nanoTime() - startNs)));
            } else {
                refused.merge(status, 1, Integer::sum);
            }
            return true;
        }

        private long micros(long sinceStartNs) {
            return startMicros + sinceStartNs / 1_000;
        }

        private void endWhenAnswered() {
            if (over && open == 0 && !result.isDone()) {
                result.complete(
                        new Sent(due, List.copyOf(accepted), Map.copyOf(refused), startMicros, micros(lengthNs)));
            }
        }
    }

    private static UUID id(String body) {
        int from = body.indexOf(ID) + ID.length();
        return UUID.fromString(body.substring(from, from + UUID_LENGTH));
    }
}
