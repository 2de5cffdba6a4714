package caravan.fleet.chaos;

import caravan.fleet.FleetException;
import caravan.fleet.bench.Load;
import caravan.fleet.bench.Mix;
import caravan.fleet.bench.gateway.Customers;
import caravan.fleet.bench.gateway.Customers.Customer;
import caravan.fleet.bench.gateway.Requests;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Customers as careful as they should be: whoever gets no answer asks again under the same key, more and more slowly and not before they are told to, until there is one or patience ends. The key is in the
 * order's address too, where no table of keys can hide that it made two orders. On one event loop, but for {@link #renew}.
 */
final class Shoppers implements Load.Sender {

    private static final String PATH = "/api/v1/orders";

    /** Longer than anything here may take to recover. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final long FIRST_PAUSE_MS = 500;
    private static final long LONGEST_PAUSE_MS = 8_000;
    private static final int MOST_DOUBLINGS = 5;

    /** Of the accepted ones, every so manieth is asked for once more: it must be the same order. */
    private static final int DOUBTED = 20;

    private static final int NO_ANSWER = 0;

    private record Purchase(String key, int customer, Buffer body, long untilNs) {}

    private final Vertx vertx;
    private final Requests requests;
    private final Customers accounts;
    private final Mix mix;
    private final Promises promises;
    private volatile List<Customer> customers;
    private int next;

    /** @param count of customers: each may send ten requests a second */
    Shoppers(Vertx vertx, Requests requests, Customers accounts, int count, Mix mix, Promises promises) {
        this.vertx = vertx;
        this.requests = requests;
        this.accounts = accounts;
        this.mix = mix;
        this.promises = promises;
        this.customers = accounts.sessions(count);
    }

    /** New tokens for all, some time before the old ones end. When the gateway is not well, another time. */
    boolean renew() {
        try {
            customers = accounts.sessions(customers.size());
            return true;
        } catch (FleetException _) {
            return false;
        }
    }

    @Override
    public Future<Load.Answer> send() {
        String key = UUID.randomUUID().toString();
        JsonObject body = mix.next();
        body.getJsonObject("shippingAddress").put("line2", key);
        Purchase purchase =
                new Purchase(key, next++ % customers.size(), body.toBuffer(), System.nanoTime() + PATIENCE.toNanos());
        promises.offered(key);
        Promise<Load.Answer> end = Promise.promise();
        ask(purchase, 0, end);
        return end.future();
    }

    private void ask(Purchase purchase, int before, Promise<Load.Answer> end) {
        ask(purchase).onSuccess(reply -> heard(purchase, before, reply, end));
    }

    /** Never fails. */
    private Future<Reply> ask(Purchase purchase) {
        RequestOptions request = requests.by(customers.get(purchase.customer), HttpMethod.POST, PATH)
                .putHeader("Content-Type", "application/json")
                .putHeader("Idempotency-Key", purchase.key);
        return requests.send(request, purchase.body)
                .map(answer -> Reply.of(
                        answer.status(), answer.retryAfter(), answer.body().toString()))
                .otherwise(Reply.NO_ANSWER);
    }

    private void heard(Purchase purchase, int before, Reply reply, Promise<Load.Answer> end) {
        switch (reply) {
            case Reply.Accepted(UUID id) -> {
                promises.accepted(purchase.key, id);
                if (Math.floorMod(purchase.key.hashCode(), DOUBTED) == 0) {
                    doubt(purchase).onComplete(_ -> end.complete(new Load.Answer(Reply.ACCEPTED, id)));
                } else {
                    end.complete(new Load.Answer(Reply.ACCEPTED, id));
                }
            }
            case Reply.Refused(int status) -> {
                promises.refused(purchase.key, status);
                end.complete(new Load.Answer(status, null));
            }
            case Reply.Again(int afterSeconds) -> {
                if (System.nanoTime() > purchase.untilNs) {
                    end.complete(new Load.Answer(NO_ANSWER, null));
                } else {
                    promises.askedAgain();
                    vertx.setTimer(pauseMs(before, afterSeconds), _ -> ask(purchase, before + 1, end));
                }
            }
        }
    }

    /** Once: whether there is an answer does not matter, only what it says. */
    private Future<Reply> doubt(Purchase purchase) {
        promises.askedAgain();
        return ask(purchase).onSuccess(reply -> {
            switch (reply) {
                case Reply.Accepted(UUID id) -> promises.accepted(purchase.key, id);
                case Reply.Refused(int status) -> promises.refused(purchase.key, status);
                case Reply.Again _ -> {}
            }
        });
    }

    /** As long as they are told, and up to half as long again, or all who lost their answers together would come again together. */
    private static long pauseMs(int before, int afterSeconds) {
        long own = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(before, MOST_DOUBLINGS));
        long pause = Math.max(own, TimeUnit.SECONDS.toMillis(afterSeconds));
        return pause + ThreadLocalRandom.current().nextLong(pause / 2);
    }
}
