package caravan.fleet.bench.gateway;

import caravan.fleet.bench.Load;
import caravan.fleet.bench.Mix;
import caravan.fleet.bench.gateway.Customers.Customer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.UUID;

/** Orders as customers place them, one customer after the other. */
final class Orders implements Load.Sender {

    static final String PATH = "/api/v1/orders";

    private static final int ACCEPTED = 202;
    private static final String ID = "\"id\":\"";
    private static final int UUID_LENGTH = 36;

    private final Requests requests;
    private final List<Customer> customers;
    private final Mix mix;
    private int next;

    Orders(Requests requests, List<Customer> customers, Mix mix) {
        this.requests = requests;
        this.customers = List.copyOf(customers);
        this.mix = mix;
    }

    @Override
    public Future<Load.Answer> send() {
        Customer customer = customers.get(next++ % customers.size());
        RequestOptions request = requests.by(customer, HttpMethod.POST, PATH)
                .putHeader("Content-Type", "application/json")
                .putHeader("Idempotency-Key", UUID.randomUUID().toString());
        return requests.send(request, mix.next().toBuffer()).map(Orders::answer);
    }

    private static Load.Answer answer(Requests.Answer answer) {
        return new Load.Answer(answer.status(), answer.status() == ACCEPTED ? id(answer.body()) : null);
    }

    /** Found, not parsed: a hundred bytes each are not worth a JSON tree. */
    private static UUID id(Buffer body) {
        String text = body.toString();
        int from = text.indexOf(ID) + ID.length();
        return UUID.fromString(text.substring(from, from + UUID_LENGTH));
    }
}
