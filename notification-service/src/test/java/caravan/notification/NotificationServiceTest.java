package caravan.notification;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import caravan.common.contract.Reply;
import caravan.common.contract.SagasForgotten;
import caravan.common.contract.SagasForgotten.Forgotten;
import caravan.common.contract.Topics;
import caravan.common.messaging.Direction;
import caravan.common.messaging.Json;
import caravan.common.messaging.MessageId;
import caravan.fleet.testing.Backends;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(NotificationServiceTest.Profile.class)
@WithTestResource(value = Backends.class, initArgs = @ResourceArg(name = "smtp", value = "true"))
class NotificationServiceTest {

    private static final String COMMANDS = Topics.NOTIFICATION_COMMANDS;
    private static final String DEAD = Topics.deadLetters(COMMANDS);
    private static final Duration BOUND = Duration.ofSeconds(20);

    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("caravan.notification.check-every", "200ms", "caravan.notification.rate-per-second", "50");
        }
    }

    @Inject
    Table table;

    private Wire wire;
    private final UUID saga = UUID.randomUUID();
    private final UUID order = UUID.randomUUID();
    private final String address = Confirmations.address(order);
    private final MessageId id = new MessageId(saga, "send-confirmation", Direction.DO);

    @BeforeEach
    void connect() {
        wire = new Wire(Topics.SAGA_REPLIES, DEAD);
    }

    @AfterEach
    void disconnect() {
        wire.close();
    }

    @Test
    void sendsTheMailAfterTheReply() {
        wire.send(COMMANDS, id, Confirmations.to(order, address));

        assertThat(wire.replies(saga, 1)).containsExactly(new Reply.ConfirmationSent());
        JsonObject mail = awaitMails(address, 1).getFirst();
        assertThat(mail.getString("messageId")).isEqualTo("<" + order + "@caravan.example>");
        assertThat(mail.getString("orderId")).isEqualTo(order.toString());
        assertThat(mail.getString("raw")).contains("Hello Ada Lovelace", "39.98 EUR", "text/html");
        awaitState(order, State.SENT);
    }

    @Test
    void sendsOneMailHoweverOftenItIsAsked() {
        UUID otherSaga = UUID.randomUUID();
        wire.send(COMMANDS, id, Confirmations.to(order, address));
        wire.send(COMMANDS, id, Confirmations.to(order, address));
        awaitState(order, State.SENT);

        wire.send(COMMANDS, id, Confirmations.to(order, address));
        wire.send(
                COMMANDS,
                new MessageId(otherSaga, "send-confirmation", Direction.DO),
                Confirmations.to(order, address));

        assertThat(wire.replies(saga, 3)).hasSize(3).containsOnly(new Reply.ConfirmationSent());
        assertThat(wire.replies(otherSaga, 1)).containsExactly(new Reply.ConfirmationSent());
        awaitAnotherMail();
        assertThat(Backends.mailsTo(address)).hasSize(1);
    }

    @Test
    void sendsOneMailOfEachKind() {
        MessageId cancelId = new MessageId(UUID.randomUUID(), "tell-customer", Direction.DO);
        wire.send(COMMANDS, id, Confirmations.to(order, address));
        awaitMails(address, 1);

        wire.send(COMMANDS, cancelId, Confirmations.cancelled(order, address));
        wire.send(COMMANDS, cancelId, Confirmations.cancelled(order, address));

        assertThat(wire.replies(cancelId.sagaId(), 2)).hasSize(2).containsOnly(new Reply.CancellationSent());
        List<JsonObject> mails = awaitMails(address, 2);
        awaitAnotherMail();
        assertThat(Backends.mailsTo(address)).hasSize(2);
        assertThat(mails)
                .extracting(mail -> mail.getString("messageId"))
                .containsExactlyInAnyOrder(
                        "<" + order + "@caravan.example>", "<" + order + ".cancelled@caravan.example>");
        awaitState(order, State.SENT);
    }

    @Test
    void tellsTheCancellationOfAnOrderWhoseSagaIsForgotten() {
        UUID cancelOrder = UUID.randomUUID();
        wire.send(COMMANDS, id, Confirmations.to(order, address));
        wire.replies(saga, 1);

        wire.send(
                Topics.SAGA_RETENTION,
                saga.toString(),
                saga + ":forgotten",
                "sagas-forgotten",
                Json.bytes(new SagasForgotten(List.of(new Forgotten(saga, order)))));
        await().atMost(BOUND).until(() -> table.received(saga) == 0);
        wire.send(
                COMMANDS,
                new MessageId(cancelOrder, "tell-customer", Direction.DO),
                Confirmations.cancelled(order, address));

        assertThat(wire.replies(cancelOrder, 1)).containsExactly(new Reply.CancellationSent());
        awaitMails(address, 2);
        assertThat(table.received(cancelOrder)).isEqualTo(1);
    }

    @Test
    void doesNotSendAgainWhatADeadSenderHadBegun() {
        table.leaveInSending(Confirmations.to(order, address));

        awaitState(order, State.UNCERTAIN);

        awaitAnotherMail();
        assertThat(Backends.mailsTo(address)).isEmpty();
        given().header("Authorization", "Bearer " + Backends.token(UUID.randomUUID(), "ops"))
                .get("/confirmations?state=UNCERTAIN")
                .then()
                .statusCode(200)
                .body("items.orderId", hasItem(order.toString()))
                .body("items.find { it.orderId == '" + order + "' }.lastError", equalTo("the sender died"));
    }

    @Test
    void recordsAnAddressThatNoMailCanHave() {
        wire.send(COMMANDS, id, Confirmations.to(order, "nobody\r\nRCPT TO:<eve@example.com>"));

        assertThat(wire.replies(saga, 1)).containsExactly(new Reply.ConfirmationSent());
        assertThat(table.stateOf(order)).isEqualTo("FAILED");
    }

    @Test
    void sendsAtASteadyRate() {
        List<UUID> orders = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            UUID each = UUID.randomUUID();
            orders.add(each);
            MessageId commandId = new MessageId(UUID.randomUUID(), "send-confirmation", Direction.DO);
            wire.send(COMMANDS, commandId, Confirmations.to(each, Confirmations.address(each)));
        }

        List<Instant> times = orders.stream()
                .map(each -> awaitMails(Confirmations.address(each), 1).getFirst())
                .map(mail -> Instant.parse(mail.getString("time")))
                .sorted()
                .toList();

        // 49 intervals of 20 ms, less what the slack and a slow start may shift.
        assertThat(Duration.between(times.getFirst(), times.getLast())).isGreaterThan(Duration.ofMillis(700));
    }

    @Test
    void refusesToTakeAMailBack() {
        MessageId undo = new MessageId(saga, "send-confirmation", Direction.UNDO);

        wire.send(COMMANDS, undo, Confirmations.to(order, address));

        var dead = wire.hear(DEAD, saga.toString(), 1).getFirst();
        assertThat(Wire.header(dead, "dead-cause")).contains("cannot be taken back");
    }

    @Test
    void putsPoisonAsideAndSparesItsNeighbours() {
        String key = saga.toString();
        byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
        String noCustomer = "{\"orderId\":\"" + order + "\"}";
        wire.send(COMMANDS, key, id.toString(), "send-confirmation", "no json".getBytes(StandardCharsets.UTF_8));
        wire.send(COMMANDS, key, id.toString(), "launch-rocket", json);
        wire.send(COMMANDS, key, id.toString(), "send-confirmation", noCustomer.getBytes(StandardCharsets.UTF_8));
        wire.send(COMMANDS, null, id.toString(), "send-confirmation", json);

        wire.send(COMMANDS, id, Confirmations.to(order, address));

        awaitMails(address, 1);
        assertThat(wire.hear(DEAD, key, 3)).hasSize(3);
        assertThat(wire.hear(DEAD, null, 1)).isNotEmpty();
    }

    /** Whatever would be sent before this one has been sent when it has: the sender takes them in order. */
    private void awaitAnotherMail() {
        UUID another = UUID.randomUUID();
        MessageId commandId = new MessageId(UUID.randomUUID(), "send-confirmation", Direction.DO);
        wire.send(COMMANDS, commandId, Confirmations.to(another, Confirmations.address(another)));
        awaitMails(Confirmations.address(another), 1);
    }

    private static List<JsonObject> awaitMails(String to, int atLeast) {
        return await().atMost(BOUND).until(() -> Backends.mailsTo(to), mails -> mails.size() >= atLeast);
    }

    private void awaitState(UUID of, State state) {
        await().atMost(BOUND).until(() -> table.stateOf(of), state.name()::equals);
    }
}
