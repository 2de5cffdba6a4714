package caravan.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** PostgreSQL has room for everybody who may come at once. */
class ConnectionsTest {

    /** Of the operator's instance manager, those that only a superuser gets, and people with psql. */
    private static final int OPERATORS_AND_PEOPLE = 20;

    private static final Manifest CLUSTER = Render.PRODUCTION.one("Cluster", "caravan-db");

    private static final int MAX_CONNECTIONS = Integer.parseInt(
            CLUSTER.at("spec/postgresql/parameters/max_connections").asText());

    @Test
    void thePrimaryHasRoomForThePoolersAndForAllWhoMigrateAtOnce() {
        // Each pod migrates by itself, past the pooler, and waits for the others with its connections open.
        int migrating = pods() * setting("gateway", "quarkus.datasource.jdbc.max-size");

        assertThat(pooled("rw") + migrating + OPERATORS_AND_PEOPLE).isLessThanOrEqualTo(MAX_CONNECTIONS);
    }

    /** One copy may have to answer for both. */
    @Test
    void aCopyHasRoomForThePoolers() {
        assertThat(pooled("ro") + OPERATORS_AND_PEOPLE).isLessThanOrEqualTo(MAX_CONNECTIONS);
    }

    @Test
    void onePoolerHasRoomForAllClientsWhileTheOtherIsAway() {
        int clients = pods() * setting("order-service", "quarkus.datasource.reactive.max-size");

        assertThat(Render.PRODUCTION.of("Pooler"))
                .hasSize(2)
                .allSatisfy(pooler ->
                        assertThat(parameter(pooler, "max_client_conn")).isGreaterThanOrEqualTo(clients));
    }

    @Test
    void aPoolerKnowsAsManyStatementsAsAClientKeeps() {
        assertThat(Render.PRODUCTION.of("Pooler"))
                .allSatisfy(pooler -> assertThat(parameter(pooler, "max_prepared_statements"))
                        // The Vert.x client's own bound (preparedStatementCacheMaxSize).
                        .isGreaterThanOrEqualTo(256));
    }

    @Test
    void everyServiceHasItsDatabaseAndARoleOfTheSameName() {
        Set<String> wanted = Sources.SERVICES.stream()
                .map(service -> Sources.settings(service).getProperty("caravan.db.name"))
                .collect(Collectors.toSet());

        assertThat(Render.PRODUCTION.of("Database"))
                .allMatch(database -> database.at("spec/name").equals(database.at("spec/owner")));
        assertThat(databases()).isEqualTo(wanted);
        assertThat(CLUSTER.each("spec/managed/roles")
                        .map(role -> role.path("name").asText()))
                .containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(CLUSTER.each("spec/managed/roles"))
                .allSatisfy(role -> assertThat(Sources.settings(
                                        role.at("/passwordSecret/name").asText().replaceFirst("-database$", ""))
                                .getProperty("caravan.db.name"))
                        .isEqualTo(role.path("name").asText()));
    }

    @Test
    void inDevTheDatabasesAreMadeAtTheFirstStart() {
        String sql = Render.DEV
                .one("ConfigMap", "postgresql")
                .at("data/databases.sql")
                .asText();

        assertThat(databases()).allSatisfy(name -> assertThat(sql).contains("create database " + name + ";"));
    }

    /** Server connections of all poolers of a kind: any of them may serve each database. */
    private static int pooled(String type) {
        return Render.PRODUCTION
                .of("Pooler")
                .filter(pooler -> pooler.at("spec/type").asText().equals(type))
                .mapToInt(pooler -> pooler.at("spec/instances").asInt()
                        * databases().size()
                        * parameter(pooler, "default_pool_size"))
                .sum();
    }

    private static int parameter(Manifest pooler, String name) {
        return pooler.at("spec/pgbouncer/parameters/" + name).asInt();
    }

    private static Set<String> databases() {
        return Render.PRODUCTION
                .of("Database")
                .map(database -> database.at("spec/name").asText())
                .collect(Collectors.toSet());
    }

    private static int pods() {
        return ScalingTest.bounds().values().stream()
                .mapToInt(ScalingTest.Bounds::most)
                .sum();
    }

    private static int setting(String service, String key) {
        return Integer.parseInt(Sources.settings(service).getProperty(key));
    }
}
