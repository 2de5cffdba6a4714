package caravan.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.common.contract.Topics;
import caravan.common.messaging.Direction;
import caravan.common.messaging.MessageId;
import caravan.fleet.Sockets;
import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(MailServerTroubleTest.Profile.class)
@WithTestResource(Backends.class)
class MailServerTroubleTest {

    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> config = new HashMap<>();
            config.put("caravan.notification.smtp-host", "127.0.0.1");
            config.put(
                    "caravan.notification.smtp-port",
                    Integer.toString(Sockets.free(1).getFirst()));
            config.put("caravan.notification.attempts", "30");
            config.put("caravan.notification.first-retry", "50ms");
            config.put("caravan.notification.longest-retry", "200ms");
            config.put("caravan.notification.sweep-every", "50ms");
            config.put("caravan.notification.silence", "500ms");
            config.put("caravan.notification.send-timeout", "5s");
            return config;
        }
    }

    @ConfigProperty(name = "caravan.notification.smtp-port")
    int port;

    @Inject
    Table table;

    private Wire wire;
    private @Nullable ScriptedSmtp server;
    private final UUID order = UUID.randomUUID();

    @BeforeEach
    void connect() {
        wire = new Wire(Topics.SAGA_REPLIES);
    }

    @AfterEach
    void disconnect() throws IOException {
        wire.close();
        if (server != null) {
            server.close();
        }
    }

    @Test
    void sendsOnceWhenTheServerComesBack() {
        confirm();
        await().atMost(Duration.ofSeconds(20)).until(() -> table.attemptsOf(order) >= 3);
        assertThat(table.stateOf(order)).isNotEqualTo("SENT");

        server = new ScriptedSmtp(port);

        awaitState(State.SENT);
        assertThat(server.received()).isEqualTo(1);
    }

    @Test
    void triesAgainWhenItIsToldToComeLater() {
        server = new ScriptedSmtp(port).willAnswer("451 later", "421 busy");

        confirm();

        awaitState(State.SENT);
        assertThat(table.attemptsOf(order)).isEqualTo(3);
    }

    @Test
    void failsAtOnceWhenTheServerWillNeverTakeIt() {
        server = new ScriptedSmtp(port).willAnswer("554 not here");

        confirm();

        awaitState(State.FAILED);
        assertThat(server.received()).isEqualTo(1);
    }

    @Test
    void isUncertainWhenTheLineDiesBeforeTheAnswer() {
        server = new ScriptedSmtp(port).willAnswer(ScriptedSmtp.HANG_UP);

        confirm();

        awaitState(State.UNCERTAIN);
        assertThat(server.received()).isEqualTo(1);
    }

    @Test
    void doesNotRunOutOfConnectionsWhenTheServerFallsSilent() {
        String[] silence = new String[10];
        Arrays.fill(silence, ScriptedSmtp.SILENCE);
        server = new ScriptedSmtp(port).willAnswer(silence);
        List<UUID> lost = Stream.generate(UUID::randomUUID).limit(10).toList();
        lost.forEach(this::confirm);
        lost.forEach(each -> awaitState(each, State.UNCERTAIN));

        confirm();

        awaitState(State.SENT);
        assertThat(server.received()).isEqualTo(11);
    }

    private void confirm() {
        confirm(order);
    }

    private void confirm(UUID order) {
        MessageId id = new MessageId(UUID.randomUUID(), "send-confirmation", Direction.DO);
        wire.send(Topics.NOTIFICATION_COMMANDS, id, Confirmations.to(order, Confirmations.address(order)));
    }

    private void awaitState(State state) {
        awaitState(order, state);
    }

    private void awaitState(UUID of, State state) {
        await().atMost(Duration.ofSeconds(20)).until(() -> table.stateOf(of), state.name()::equals);
    }
}
