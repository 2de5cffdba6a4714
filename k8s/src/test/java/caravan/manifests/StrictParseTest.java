package caravan.manifests;

import static caravan.manifests.Mutant.Change.set;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class StrictParseTest {

    @ParameterizedTest
    @EnumSource
    void everyFieldIsOneThatItsReaderKnows(Render render) {
        List<String> mistakes = render.manifests().stream()
                .flatMap(manifest -> Strict.mistakes(manifest).stream().map(mistake -> manifest + ": " + mistake))
                .toList();

        assertThat(mistakes).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void noTwoObjectsAreTheSame(Render render) {
        assertThat(render.manifests().stream().map(m -> m.apiVersion() + "/" + m))
                .doesNotHaveDuplicates();
    }

    /** What only looks right is found, wherever it stands. */
    @ParameterizedTest
    @MethodSource("misspelt")
    void aMistakeIsSeen(Mutant mutant) {
        assertThat(Strict.mistakes(mutant.changed())).isNotEmpty();
    }

    static Stream<Mutant> misspelt() {
        return Stream.of(
                known("Deployment/gateway", set("spec/template/spec/containers/0/livenessprobe", Map.of())),
                known("Deployment/gateway", set("spec/template/spec/containers/0/env/0/valueFrom/fieldref", Map.of())),
                known(
                        "Deployment/gateway",
                        set("spec/template/spec/containers/0/env/-", Map.of("name", "A", "value", 8080))),
                known("Deployment/gateway", set("spec/minReadySeconds", "ten")),
                known("HorizontalPodAutoscaler/gateway", set("spec/behavior/scaledown", Map.of())),
                known("NetworkPolicy/gateway", set("spec/ingress/0/form", List.of())),
                known("PodDisruptionBudget/gateway", set("spec/maxunavailable", 1)),
                known("HTTPRoute/caravan", set("spec/rules/0/timeout", Map.of())),
                known("ServiceMonitor/caravan", set("spec/endpoints/0/scrapeInterval", "15s")),
                known("KafkaTopic/order.commands.v1", set("spec/partition", 12)),
                known("KafkaUser/payment-service", set("spec/authorization/acls/0/operation", "Read")),
                known("KafkaNodePool/brokers", set("spec/storage/volumes/0/deleteClaims", false)),
                known("Cluster/caravan-db", set("spec/postgresql/synchronous/numbers", 1)),
                known("Cluster/caravan-db", set("spec/postgresql/parameters/max_connections", 300)),
                known("Pooler/caravan-pooler-rw", set("spec/pgbouncer/poolMode", "statement")),
                known("ScaledObject/payment-service", set("spec/maxReplicas", 12)),
                known("ScheduledBackup/caravan-db-nightly", set("spec/cron", "0 0 2 * * *")),
                known("ConfigMap/fleet", set("datas", Map.of())));
    }

    @Test
    void whatNobodyKnowsIsAMistake() {
        Manifest unknown = Manifest.all("{apiVersion: example/v1, kind: Thing, metadata: {name: it}}")
                .getFirst();

        assertThat(Strict.mistakes(unknown)).containsExactly("nobody knows example/v1/Thing");
    }

    private static Mutant known(String object, Mutant.Change change) {
        return Mutant.of("every field is known", object, change);
    }
}
