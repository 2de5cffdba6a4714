package caravan.fleet.bench.gateway;

import caravan.fleet.bench.Latency;
import caravan.fleet.bench.gateway.Customers.Customer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Orders and lists of them, read at a low fixed rate while a load runs. A latency counts from when the read was due. */
final class Reads {

    /** Of each of the two. */
    static final int A_SECOND = 5;

    /** Tokens of the gateway's limits that they use up in a second: a list costs two. */
    static final int TOKENS_A_SECOND = 3 * A_SECOND;

    private static final long EVERY_MS = 1_000 / (2 * A_SECOND);
    private static final String LIST = "GET /orders";
    private static final String ONE = "GET /orders/{id}";
    private static final int OK = 200;

    /** A customer, and an order of theirs. */
    record Known(Customer customer, UUID order) {}

    private final Vertx vertx;
    private final Requests requests;
    private final List<Customer> customers;
    private final List<Known> orders;

    Reads(Vertx vertx, Requests requests, List<Customer> customers, List<Known> orders) {
        this.vertx = vertx;
        this.requests = requests;
        this.customers = customers;
        this.orders = orders;
    }

    /** From now on. */
    Sampling start() {
        Sampling sampling = new Sampling();
        vertx.runOnContext(_ -> sampling.begin());
        return sampling;
    }

    /** All but {@link #end} on the event loop. */
    final class Sampling {

        private final Random random = new Random();
        private final Map<String, List<Long>> micros = new TreeMap<>();
        private final CompletableFuture<Map<String, Latency>> result = new CompletableFuture<>();
        private long startNs;
        private long timer;
        private int count;
        private int open;
        private boolean over;

        private void begin() {
            startNs = System.nanoTime();
            timer = vertx.setPeriodic(EVERY_MS, _ -> next());
        }

        private void next() {
            count++;
            if (count % 2 == 0) {
                read(LIST, customers.get(random.nextInt(customers.size())), Orders.PATH);
            } else if (!orders.isEmpty()) {
                Known known = orders.get(random.nextInt(orders.size()));
                read(ONE, known.customer(), Orders.PATH + "/" + known.order());
            }
        }

        private void read(String what, Customer customer, String path) {
            long dueNs = startNs + count * EVERY_MS * 1_000_000;
            open++;
            requests.send(requests.by(customer, HttpMethod.GET, path), Buffer.buffer())
                    .map(answer -> answer.status() == OK ? what : "refused: " + answer.status())
                    .otherwise("no answer")
                    .onSuccess(answer -> answered(answer, (System.nanoTime() - dueNs) / 1_000));
        }

        private void answered(String what, long latency) {
            micros.computeIfAbsent(what, _ -> new ArrayList<>()).add(latency);
            open--;
            endWhenAnswered();
        }

        private void endWhenAnswered() {
            if (over && open == 0) {
                Map<String, Latency> latencies = new TreeMap<>();
                micros.forEach((what, all) ->
                        latencies.put(what, Latency.of(all.stream().mapToLong(each -> each))));
                result.complete(latencies);
            }
        }

        /** No more; the latencies of all that were asked for, by what it was. */
        Map<String, Latency> end() {
            vertx.runOnContext(_ -> {
                vertx.cancelTimer(timer);
                over = true;
                endWhenAnswered();
            });
            return result.join();
        }
    }
}
