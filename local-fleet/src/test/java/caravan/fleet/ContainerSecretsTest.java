package caravan.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerSecretsTest {
    @TempDir
    Path root;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    /** As compose mounts them. */
    @BeforeEach
    void makesTheVolumes() throws IOException {
        for (String volume : new String[] {"people", "database", "gateway", "order", "grafana", "logs"}) {
            Files.createDirectory(root.resolve(volume));
        }
    }

    @Test
    void keepsWhatItMadeAtTheFirstStart() throws IOException {
        make();
        Map<String, String> first = files();

        make();

        assertThat(files()).isEqualTo(first).hasSize(9);
    }

    @Test
    void makesAnotherSecretForEach() throws IOException {
        make();

        assertThat(Stream.of("database/password", "database/replication-password", "grafana/password")
                        .map(this::text))
                .doesNotHaveDuplicates()
                .allSatisfy(secret -> assertThat(secret.strip()).hasSizeGreaterThan(40));
    }

    @Test
    void givesTheGatewayWhatTheLocalFleetGivesItInItsEnvironment() throws IOException {
        make();

        Credentials credentials = ContainerSecrets.credentials(root);
        assertThat(properties("gateway/gateway.properties"))
                .containsEntry("caravan.gateway.secret", credentials.gatewaySecret())
                .containsEntry(
                        "caravan.gateway.bootstrap.customer.password",
                        credentials.customer().password())
                .containsEntry(
                        "caravan.gateway.bootstrap.client.id",
                        credentials.client().clientId())
                .hasSameSizeAs(credentials.gatewayEnvironment());
    }

    @Test
    void givesServicesAndPoolerTheSamePassword() throws IOException {
        make();

        String password = ContainerSecrets.databasePassword(root);
        assertThat(properties("database/database.properties")).containsEntry("caravan.db.password", password);
        assertThat(text("database/userlist.txt")).isEqualTo("\"caravan\" \"" + password + "\"\n");
    }

    @Test
    void saysWhoMayLogIn() {
        make();

        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains(ContainerSecrets.credentials(root).operator().password());
    }

    private void make() {
        ContainerSecrets.make(root, new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    private Properties properties(String file) throws IOException {
        Properties properties = new Properties();
        try (Reader text = Files.newBufferedReader(root.resolve(file))) {
            properties.load(text);
        }
        return properties;
    }

    private String text(String file) {
        try {
            return Files.readString(root.resolve(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            all.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .forEach(file -> files.put(file, text(file)));
        }
        return files;
    }
}
