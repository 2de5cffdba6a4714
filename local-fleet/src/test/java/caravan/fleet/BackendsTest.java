package caravan.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import caravan.fleet.testing.BackendAddresses;
import caravan.fleet.testing.Backends;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** Starts real servers: about six seconds, once. */
class BackendsTest {
    @Test
    void offersADatabasePerServiceThatIsDurable() throws Exception {
        BackendAddresses backends = Backends.addresses();

        for (String database : PostgresServer.DATABASES) {
            try (Connection connection =
                    DriverManager.getConnection(backends.jdbcUrl(database), backends.dbUser(), backends.dbPassword())) {
                assertThat(setting(connection, "fsync")).isEqualTo("on");
                assertThat(setting(connection, "synchronous_commit")).isEqualTo("on");
            }
        }
    }

    @Test
    void offersAReplicaThatATestCanHoldBack() throws Exception {
        Backends backends = new Backends();
        backends.init(Map.of("replica", "true"));
        Map<String, String> config = backends.start();

        try (Connection replica = connect(Backends.replicaJdbcUrl("orders"))) {
            execute(replica, "select pg_wal_replay_pause()");
            try (Connection primary = connect(Backends.addresses().jdbcUrl("orders"))) {
                execute(primary, "create table seen_late (n int)");
            }
            assertThatThrownBy(() -> execute(replica, "table seen_late")).hasMessageContaining("does not exist");
            execute(replica, "select pg_wal_replay_resume()");

            await().atMost(20, TimeUnit.SECONDS).ignoreExceptions().until(() -> execute(replica, "table seen_late"));
        }
        assertThat(config)
                .containsEntry("caravan.db.replica.name", "orders")
                .containsKeys("caravan.db.replica.host", "caravan.db.replica.port");
    }

    @Test
    void offersABrokerThatAcknowledgesRecords() throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", Backends.addresses().kafka());

        try (Admin admin = Admin.create(settings);
                var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic("orders", 12, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            var written = producer.send(new ProducerRecord<>("orders", "key", "value"))
                    .get(20, TimeUnit.SECONDS);
            assertThat(written.hasOffset()).isTrue();
        }
    }

    @Test
    void startsOncePerJvm() {
        assertThat(Backends.addresses()).isEqualTo(Backends.addresses());
        assertThat(new RedisServer(redisPort(), java.nio.file.Path.of("unused")).ready())
                .isTrue();
    }

    @Test
    void showsTheMailsThatAServiceSent() throws Exception {
        Backends backends = new Backends();
        backends.init(Map.of("smtp", "true"));
        Map<String, String> config = backends.start();

        send(config.getOrDefault("caravan.notification.smtp-port", "0"));

        var mail = Backends.mailsTo("ada@example.com").getFirst();
        assertThat(mail.getString("subject")).isEqualTo("Bestätigung");
        assertThat(mail.getString("orderId")).isEqualTo("o-1");
        assertThat(mail.getString("raw")).contains("Thank you");
    }

    @Test
    void showsTheBooksOfTheCardNetwork() {
        assertThat(Backends.cardLedger().getLong("captures")).isZero();
    }

    private static void send(String port) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.host", Sockets.HOST);
        properties.setProperty("mail.smtp.port", port);
        MimeMessage message = new MimeMessage(Session.getInstance(properties));
        message.setFrom(new InternetAddress("shop@caravan.example"));
        message.setRecipient(RecipientType.TO, new InternetAddress("ada@example.com"));
        message.setSubject("Bestätigung", "utf-8");
        message.setHeader("X-Order-Id", "o-1");
        message.setText("Thank you", "utf-8");
        Transport.send(message);
    }

    private static Connection connect(String url) throws Exception {
        return DriverManager.getConnection(url, PostgresServer.USER, PostgresServer.PASSWORD);
    }

    private static boolean execute(Connection connection, String sql) throws Exception {
        try (var statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }

    private static int redisPort() {
        String url = Backends.addresses().redisUrl();
        return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
    }

    private static String setting(Connection connection, String name) throws Exception {
        try (var rows = connection.createStatement().executeQuery("show " + name)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
