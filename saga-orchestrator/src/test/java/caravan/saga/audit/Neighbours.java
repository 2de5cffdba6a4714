package caravan.saga.audit;

import caravan.audit.AskedOrders;
import caravan.audit.OrderFacts.Mails;
import caravan.audit.OrderFacts.Order;
import caravan.audit.OrderFacts.Payment;
import caravan.audit.OrderFacts.View;
import caravan.audit.Told;
import caravan.common.messaging.Json;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The five participants, each a server of its own, that say what a test has put into their mouths. */
final class Neighbours implements AutoCloseable {

    private static final int ACCEPTED_AT_ONCE = 16;

    private final Map<Participant, HttpServer> servers = new EnumMap<>(Participant.class);
    private final Map<Participant, Map<UUID, Told>> told = new ConcurrentHashMap<>();
    private final Set<UUID> unclaimed = ConcurrentHashMap.newKeySet();
    private final AtomicInteger asked = new AtomicInteger();
    private final SagaAuditConfig config;

    Neighbours(SagaAuditConfig config) {
        this.config = config;
        for (Participant participant : Participant.values()) {
            told.put(participant, new ConcurrentHashMap<>());
            comesBack(participant);
        }
    }

    /** An order with everything that an approved one has. */
    void holdAll(UUID order) {
        says(new Told.OfOrder(order, new Order("APPROVED", 500, false, false), 2, new View("APPROVED", 6)));
        says(new Told.OfStock(order, 2));
        says(new Told.OfPayment(order, new Payment("CAPTURED", 500, 500, 0)));
        says(new Told.OfParcel(order, "ARRANGED"));
        says(new Told.OfMails(order, new Mails(1, 0)));
    }

    /** An order that was rejected, and of which everything was given back. */
    void holdNothing(UUID order) {
        says(new Told.OfOrder(order, new Order("REJECTED", 500, false, false), 2, new View("REJECTED", 6)));
        says(new Told.OfPayment(order, new Payment("REFUNDED", 500, 500, 500)));
        says(new Told.OfParcel(order, "CANCELLED"));
    }

    void says(Told words) {
        Participant speaker = switch (words) {
            case Told.OfOrder _ -> Participant.ORDER;
            case Told.OfStock _ -> Participant.INVENTORY;
            case Told.OfPayment _ -> Participant.PAYMENT;
            case Told.OfParcel _ -> Participant.SHIPMENT;
            case Told.OfMails _ -> Participant.NOTIFICATION;
        };
        of(speaker).put(words.id(), words);
    }

    /** It has waited for a saga for long. */
    void waitsForASaga(UUID order) {
        says(new Told.OfOrder(order, new Order("PLACED", 500, false, false), 2, new View("PENDING", 0)));
        unclaimed.add(order);
    }

    /** How often order-service was asked for orders. */
    int asked() {
        return asked.get();
    }

    void goesAway(Participant participant) {
        HttpServer server = servers.remove(participant);
        if (server != null) {
            server.stop(0);
        }
    }

    void comesBack(Participant participant) {
        URI url = URI.create(participant.url(config));
        try {
            HttpServer server = HttpServer.create(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), url.getPort()), ACCEPTED_AT_ONCE);
            server.createContext(url.getPath(), exchange -> answer(participant, exchange));
            server.start();
            servers.put(participant, server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(Participant participant, HttpExchange exchange) throws IOException {
        try (exchange) {
            if (exchange.getRequestURI().getPath().endsWith("/unclaimed")) {
                answer(exchange, unclaimed);
                return;
            }
            if (participant == Participant.ORDER) {
                asked.incrementAndGet();
            }
            AskedOrders orders = Json.read(exchange.getRequestBody().readAllBytes(), AskedOrders.class);
            List<Told> known = orders.orders().stream()
                    .flatMap(id -> Stream.ofNullable(of(participant).get(id)))
                    .toList();
            answer(exchange, known);
        }
    }

    private static void answer(HttpExchange exchange, Object words) throws IOException {
        byte[] body = Json.bytes(words);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private Map<UUID, Told> of(Participant participant) {
        return Objects.requireNonNull(told.get(participant));
    }

    @Override
    public void close() {
        List.of(Participant.values()).forEach(this::goesAway);
    }
}
