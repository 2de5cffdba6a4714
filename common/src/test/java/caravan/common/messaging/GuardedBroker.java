package caravan.common.messaging;

import caravan.fleet.Child;
import caravan.fleet.DataFolder;
import caravan.fleet.KafkaBroker;
import caravan.fleet.Part;
import caravan.fleet.Sockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** A broker that lets nobody in without a login, as in production; passwords instead of SCRAM, which a broker can be told in its settings. */
final class GuardedBroker implements Part, AutoCloseable {

    private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required ";

    private final DataFolder folder;
    private final KafkaBroker broker;
    private final Path settings;
    private final int port;
    private final int controllerPort;
    private final Child child;

    GuardedBroker(Path home) {
        folder = new DataFolder(home);
        List<Integer> ports = Sockets.free(2);
        port = ports.get(0);
        controllerPort = ports.get(1);
        settings = folder.data("kafka").resolve("server.properties");
        broker = new KafkaBroker(port, controllerPort, folder.data("kafka"));
        child = Child.start(this, folder).awaitReady();
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Under the keys that stand after {@code kafka.} in a service's settings, beside one that is of the channels. */
    static Map<String, Object> login() {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                LOGIN + "username=\"test-service\" password=\"word\";",
                "group.id",
                "of-the-channels");
    }

    @Override
    public String name() {
        return broker.name();
    }

    @Override
    public List<Integer> ports() {
        return broker.ports();
    }

    /** What stands last in the file counts. */
    @Override
    public void prepare(Path log) {
        broker.prepare(log);
        try {
            Files.writeString(settings, guards(), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String guards() {
        return """
                listeners=SASL_PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d
                advertised.listeners=SASL_PLAINTEXT://127.0.0.1:%d
                listener.security.protocol.map=SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
                inter.broker.listener.name=SASL_PLAINTEXT
                sasl.enabled.mechanisms=PLAIN
                sasl.mechanism.inter.broker.protocol=PLAIN
                listener.name.sasl_plaintext.plain.sasl.jaas.config=%susername="broker" password="own" user_broker="own" user_test-service="word";
                """.formatted(port, controllerPort, port, LOGIN);
    }

    @Override
    public List<String> command() {
        return broker.command();
    }

    @Override
    public boolean ready() {
        return broker.ready();
    }

    @Override
    public void close() {
        child.close();
    }
}
