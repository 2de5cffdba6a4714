package caravan.fleet.prefill;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.prefill.Cast.Buyer;
import caravan.fleet.prefill.Template.Original;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TemplateTest {

    private static final UUID REAL = UUID.fromString("0198c0de-0000-7000-8000-00000000002a");
    private static final UUID ADA = UUID.fromString("00000000-0000-4000-8000-0000000000cc");
    private static final UUID HER_MAIL = UUID.fromString("00000000-0000-4000-8000-0000000000ee");
    private static final String SHIPMENT = "0198c0de-0000-7000-8000-0000000000dd";

    private static final UUID OTHER = UUID.fromString("0198aaaa-bbbb-7ccc-8ddd-eeeeffff0123");
    private static final Buyer BOB = new Buyer(UUID.randomUUID(), UUID.randomUUID());

    private final Original original = new Original(
            REAL, ADA, HER_MAIL, Instant.parse("2026-01-02T03:04:05Z").getEpochSecond(), new HashMap<>());

    private final Plan.Order order =
            new Plan.Order(7, OTHER, BOB, Instant.parse("2025-12-31T23:59:58Z").getEpochSecond());

    @Test
    void putsIdsWhereTheRealOnesWere() {
        assertThat(filled(REAL + "\t" + ADA + "\tbench-" + HER_MAIL + "@caravan.example\tGrüner Tee"))
                .isEqualTo(OTHER + "\t" + BOB.id() + "\tbench-" + BOB.email() + "@caravan.example\tGrüner Tee");
        assertThat(filled("<" + REAL + "@caravan.example>\tCX0198C0DE00007000800000000000002A"))
                .isEqualTo("<" + OTHER + "@caravan.example>\tCX0198AAAABBBB7CCC8DDDEEEEFFFF0123");
    }

    @Test
    void movesTimesByWholeSeconds() {
        assertThat(filled("2026-01-02 03:04:05.678901+00\t{\"at\":\"2026-01-02T03:04:07Z\"}"))
                .isEqualTo("2025-12-31 23:59:58.678901+00\t{\"at\":\"2026-01-01T00:00:00Z\"}");
    }

    @Test
    void givesWhatWasRandomTheSameNewValueInEveryRow() {
        String inOneRow = filled(SHIPMENT);
        String inAnother = filled("{\"shipmentId\":\"" + SHIPMENT + "\"}");

        assertThat(inOneRow).isNotEqualTo(SHIPMENT);
        assertThat(UUID.fromString(inOneRow).version()).isEqualTo(7);
        assertThat(inAnother).contains(inOneRow);
    }

    @Test
    void changesTracesAndChargesAndNothingElse() {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        assertThat(filled(trace)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01").isNotEqualTo(trace);
        assertThat(filled("ch_00001234")).isEqualTo("ch_50000007");
        assertThat(filled("\\N\ttok_ok\t4711\tGB")).isEqualTo("\\N\ttok_ok\t4711\tGB");
    }

    private String filled(String row) {
        return new String(
                Template.of(row.getBytes(StandardCharsets.UTF_8), original).filled(order), StandardCharsets.UTF_8);
    }
}
