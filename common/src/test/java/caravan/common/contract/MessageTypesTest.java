package caravan.common.contract;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.messaging.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageTypesTest {

    record Family(Class<? extends Message> root, MessageTypes<?> types) {}

    private static Stream<Family> families() {
        return Stream.of(
                new Family(OrderCommand.class, MessageTypes.ORDER_COMMANDS),
                new Family(InventoryCommand.class, MessageTypes.INVENTORY_COMMANDS),
                new Family(PaymentCommand.class, MessageTypes.PAYMENT_COMMANDS),
                new Family(ShipmentCommand.class, MessageTypes.SHIPMENT_COMMANDS),
                new Family(NotificationCommand.class, MessageTypes.NOTIFICATION_COMMANDS),
                new Family(Reply.class, MessageTypes.REPLIES),
                new Family(OrderEvent.class, MessageTypes.ORDER_EVENTS),
                new Family(SagaAdvanced.class, MessageTypes.SAGA_EVENTS),
                new Family(SagasForgotten.class, MessageTypes.SAGA_RETENTION),
                new Family(ProductChanged.class, MessageTypes.PRODUCT_EVENTS));
    }

    @ParameterizedTest
    @MethodSource("families")
    void listsEveryRecordOfAFamily(Family family) {
        List<Class<?>> listed = List.copyOf(family.types().all().values());

        assertThat(listed).containsExactlyInAnyOrderElementsOf(leavesOf(family.root()));
    }

    @Test
    void coversEveryMessage() {
        List<Class<?>> listed = families()
                .flatMap(family -> family.types().all().values().stream())
                .<Class<?>>map(type -> type)
                .toList();

        assertThat(listed).containsExactlyInAnyOrderElementsOf(leavesOf(Message.class));
    }

    @ParameterizedTest
    @MethodSource("families")
    void spellsNamesInKebabCaseAfterTheClass(Family family) {
        for (Map.Entry<String, ? extends Class<?>> entry : family.types().all().entrySet()) {
            String kebab = entry.getValue().getSimpleName().replaceAll("(?<=[a-z])([A-Z])", "-$1");
            assertThat(entry.getKey()).isEqualToIgnoringCase(kebab).isLowerCase();
        }
    }

    @Test
    void givesEachNameToOneMessageOnly() {
        List<String> names = families()
                .flatMap(family -> family.types().all().keySet().stream())
                .toList();

        assertThat(new TreeSet<>(names)).hasSameSizeAs(names);
    }

    @Test
    void knowsNoOtherName() {
        assertThat(MessageTypes.REPLIES.classOf("launch-rocket")).isEmpty();
    }

    /** What a newer build says of a step that only it has. */
    @Test
    void readsATransitionWhoseReplyItDoesNotKnow() {
        SagaAdvanced said = new SagaAdvanced(
                UUID.randomUUID(),
                "place-order",
                UUID.randomUUID(),
                2,
                Instant.parse("2026-01-01T00:00:00Z"),
                "wrap-gift",
                SagaAdvanced.What.DONE,
                SagaAdvanced.Phase.RUNNING,
                null,
                new Reply.StockReserved());
        String json = Json.text(said).replace("stock-reserved", "gift-wrapped");

        SagaAdvanced read = Json.read(json, SagaAdvanced.class);

        assertThat(read.reply()).isNull();
        assertThat(read.step()).isEqualTo("wrap-gift");
        assertThat(read.sequence()).isEqualTo(2);
    }

    private static List<Class<?>> leavesOf(Class<?> type) {
        return type.isRecord()
                ? List.of(type)
                : Stream.of(type.getPermittedSubclasses())
                        .flatMap(sub -> leavesOf(sub).stream())
                        .toList();
    }
}
