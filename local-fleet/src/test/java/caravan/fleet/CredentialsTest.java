package caravan.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {

    @TempDir
    private Path root;

    private DataFolder folder;

    @BeforeEach
    void open() {
        folder = new DataFolder(root);
    }

    @Test
    void keepsWhatItMadeAtTheFirstStart() {
        Credentials first = Credentials.of(folder);

        assertThat(Credentials.of(folder)).isEqualTo(first);
    }

    @Test
    void makesOthersForAnotherFleet() {
        Credentials other = Credentials.of(new DataFolder(root.resolve("other")));

        assertThat(other.gatewaySecret()).isNotEqualTo(Credentials.of(folder).gatewaySecret());
        assertThat(other.customer().password())
                .isNotEqualTo(Credentials.of(folder).customer().password());
    }

    @Test
    void letsOnlyTheOwnerReadThem() throws Exception {
        Credentials.of(folder);

        for (String file : new String[] {Credentials.FILE, Credentials.SECRETS_FILE}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(file))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void writesTheShapeThatToolsRead() throws Exception {
        Credentials made = Credentials.of(folder);

        JsonObject json = new JsonObject(Files.readString(root.resolve("credentials.json")));

        assertThat(json.fieldNames()).containsExactlyInAnyOrder("customer", "operator", "client");
        assertThat(json.getJsonObject("customer").getMap())
                .containsOnlyKeys("email", "password")
                .containsValue(made.customer().password());
        assertThat(json.getJsonObject("client").getMap()).containsOnlyKeys("clientId", "clientSecret");
    }

    @Test
    void saysWhatIsWrongWithAFileThatWasEdited() throws Exception {
        Files.writeString(root.resolve("credentials.json"), "{\"customer\": {}}");

        assertThatThrownBy(() -> Credentials.of(folder))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("'email' is missing");
    }
}
