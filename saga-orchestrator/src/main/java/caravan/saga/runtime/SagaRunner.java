package caravan.saga.runtime;

import static java.util.function.Predicate.not;
import static java.util.stream.Collectors.toSet;

import caravan.common.contract.Message;
import caravan.common.contract.MessageTypes;
import caravan.common.contract.OrderCancellationRequested;
import caravan.common.contract.OrderEvent;
import caravan.common.contract.OrderPlaced;
import caravan.common.contract.Reply;
import caravan.common.messaging.Envelope;
import caravan.common.messaging.Intake;
import caravan.common.messaging.MessageId;
import caravan.common.messaging.Messaging;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.Received;
import caravan.common.messaging.SpanKeys;
import caravan.common.messaging.TraceContext;
import caravan.common.sql.Transactions;
import caravan.common.sql.Transactions.Writes;
import caravan.saga.cancelorder.CancelOrder;
import caravan.saga.engine.Definition;
import caravan.saga.engine.Direction;
import caravan.saga.engine.Engine;
import caravan.saga.engine.Signal;
import caravan.saga.placeorder.PlaceOrder;
import caravan.saga.runtime.SetAside.Early;
import io.opentelemetry.api.trace.Span;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * The Kafka edge of the sagas. Nothing needs an outbox here: a batch whose offset is not committed comes again, finds its
 * replies applied, and sends what they had caused under the same ids (rule 2). What belongs to a saga that only a newer build
 * understands is set aside for it, in the same transaction.
 */
@Singleton
class SagaRunner {

    private final Pool pool;
    private final SagaStore store;
    private final SetAside aside;
    private final Definitions definitions;
    private final SagaMetrics metrics;
    private final String source;
    private final Intake<OrderEvent> orders;
    private final Intake<Reply> replies;

    SagaRunner(
            Pool pool,
            SagaStore store,
            SetAside aside,
            Definitions definitions,
            SagaMetrics metrics,
            Messaging messaging) {
        this.pool = pool;
        this.store = store;
        this.aside = aside;
        this.definitions = definitions;
        this.metrics = metrics;
        this.source = messaging.source();
        this.orders = messaging.intake(MessageTypes.ORDER_EVENTS, this::take);
        this.replies = messaging.intake(MessageTypes.REPLIES, this::advance, this::leave);
    }

    @Incoming("order-events")
    Uni<Void> orderEvents(ConsumerRecords<String, byte[]> records) {
        return orders.accept(records);
    }

    @Incoming("saga-replies")
    Uni<Void> sagaReplies(ConsumerRecords<String, byte[]> records) {
        return replies.accept(records);
    }

    private Uni<List<Outgoing>> take(List<Received<OrderEvent>> batch) {
        return turn(batch, received -> sagaOf(received.message()), this::take);
    }

    /** The saga that places an order has the order's id, the one that cancels it another: never is there a second one. */
    private static UUID sagaOf(OrderEvent event) {
        return switch (event) {
            case OrderPlaced order -> order.orderId();
            case OrderCancellationRequested request ->
                request.approved() ? CancelOrder.sagaOf(request.orderId()) : request.orderId();
        };
    }

    /** No I/O, as the next. */
    void take(Turn turn, Received<OrderEvent> received) {
        switch (received.message()) {
            case OrderPlaced order -> start(turn, definitions.placeOrder(), PlaceOrder.of(order), received);
            case OrderCancellationRequested request
            when request.approved() -> start(turn, definitions.cancelOrder(), CancelOrder.of(request), received);
            case OrderCancellationRequested request -> turnRound(turn, request, received);
        }
    }

    private static <D> void start(Turn turn, Definition<D> definition, D data, Received<OrderEvent> received) {
        UUID id = sagaOf(received.message());
        String cause = received.envelope().id();
        TraceContext trace = received.envelope().trace();
        describe(received.span(), definition, id, received.message().orderId());
        Instance<?> there = turn.saga(id);
        if (there != null) {
            turn.startAgain(there, cause, trace);
            return;
        }
        var decision = Engine.start(definition, id, received.message().orderId(), data, turn.now());
        turn.start(definition, decision, cause, trace);
    }

    /** What comes too late is not lost: the order asks again when it is approved. */
    private void turnRound(Turn turn, OrderCancellationRequested request, Received<OrderEvent> received) {
        Instance<?> saga = turn.saga(request.orderId());
        if (saga == null) {
            metrics.unknownSaga();
            return;
        }
        describe(received.span(), saga.definition(), saga.state().id(), request.orderId());
        String why =
                request.reason() == null ? "the customer cancelled" : "the customer cancelled: " + request.reason();
        turn.signal(
                saga,
                new Signal.CancelRequested(why),
                received.envelope().id(),
                received.envelope().trace());
    }

    private Uni<List<Outgoing>> advance(List<Received<Reply>> batch) {
        return turn(batch, received -> received.answeredId().sagaId(), this::advance);
    }

    void advance(Turn turn, Received<Reply> received) {
        MessageId answered = received.answeredId();
        Instance<?> saga = turn.saga(answered.sagaId());
        if (saga == null) {
            metrics.unknownSaga();
            return;
        }
        describe(
                received.span(),
                saga.definition(),
                answered.sagaId(),
                saga.state().orderId());
        Direction direction = switch (answered.direction()) {
            case DO -> Direction.DO;
            case UNDO -> Direction.UNDO;
        };
        turn.signal(
                saga,
                new Signal.Answered(answered.step(), direction, received.message()),
                received.envelope().id(),
                received.envelope().trace());
    }

    /** What a record does not say of itself. */
    private static void describe(Span span, Definition<?> definition, UUID saga, UUID order) {
        if (span.isRecording()) {
            span.setAttribute(SpanKeys.SAGA_TYPE, definition.name())
                    .setAttribute(SpanKeys.SAGA_ID, saga.toString())
                    .setAttribute(SpanKeys.ORDER_ID, order.toString());
        }
    }

    private <M extends Message> Uni<List<Outgoing>> turn(
            List<Received<M>> batch, Function<Received<M>, UUID> sagaOf, BiConsumer<Turn, Received<M>> decide) {
        List<UUID> ids = batch.stream().map(sagaOf).toList();
        return Transactions.run(
                        pool,
                        tx -> store.lock(tx, ids).chain(locked -> {
                            Turn turn = new Turn(source, Instant.now(), locked.sagas());
                            List<Early> notOurs = new ArrayList<>();
                            for (Received<M> received : batch) {
                                UUID saga = sagaOf.apply(received);
                                if (locked.foreign().contains(saga)) {
                                    notOurs.add(Early.of(saga, received));
                                } else if (locked.over().contains(saga)) {
                                    Envelope envelope = received.envelope();
                                    turn.over(saga, envelope.id(), envelope.trace());
                                } else {
                                    decide.accept(turn, received);
                                }
                            }
                            return store.recall(tx, turn)
                                    .map(_ ->
                                            new Writes<>(turn, store.save(tx, turn, List.of(aside.add(tx, notOurs)))));
                        }))
                .invoke(metrics::count)
                .map(Turn::out);
    }

    /** A reply of a type that only a newer build knows is nobody's poison, where a saga of that build waits for it. */
    private Uni<List<ConsumerRecord<String, byte[]>>> leave(List<ConsumerRecord<String, byte[]>> unreadable) {
        List<Early> unread =
                unreadable.stream().map(Early::unread).flatMap(Optional::stream).toList();
        if (unread.isEmpty()) {
            return Uni.createFrom().item(unreadable);
        }
        return Transactions.run(
                        pool,
                        tx -> store.lock(tx, unread.stream().map(Early::sagaId).toList())
                                .map(locked -> {
                                    List<Early> notOurs = unread.stream()
                                            .filter(each -> locked.foreign().contains(each.sagaId()))
                                            .toList();
                                    return new Writes<>(notOurs, List.of(aside.add(tx, notOurs)));
                                }))
                .map(left -> left.stream().map(Early::record).collect(toSet()))
                .map(left -> unreadable.stream().filter(not(left::contains)).toList());
    }
}
