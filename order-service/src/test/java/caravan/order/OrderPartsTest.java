package caravan.order;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.contract.Line;
import caravan.common.contract.Money;
import caravan.common.http.ProblemType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The small decisions. */
class OrderPartsTest {

    private static final Map<String, Price> PRICES = Map.of(
            "TEA", new Price("TEA", "Tea", new Money(250, "EUR")),
            "CUP", new Price("CUP", "Cup", new Money(999, "EUR")),
            "AIR", new Price("AIR", "Air", new Money(0, "EUR")),
            "MUG", new Price("MUG", "Mug", new Money(500, "USD")));

    @Test
    void addsUpAnOrder() {
        Pricing pricing = Pricing.of(List.of(new Line("TEA", 4), new Line("CUP", 1)), PRICES);

        assertThat(pricing)
                .isInstanceOfSatisfying(
                        Pricing.Priced.class,
                        priced -> assertThat(priced.total()).isEqualTo(new Money(1999, "EUR")));
    }

    @Test
    void pointsAtEveryUnknownProduct() {
        Pricing pricing = Pricing.of(List.of(new Line("TEA", 4), new Line("X", 1), new Line("Y", 1)), PRICES);

        assertThat(pricing).isInstanceOfSatisfying(Pricing.Unpriced.class, unpriced -> {
            assertThat(unpriced.type()).isEqualTo(ProblemType.UNKNOWN_SKU);
            assertThat(unpriced.errors()).extracting("pointer").containsExactly("/items/1/sku", "/items/2/sku");
        });
    }

    @Test
    void doesNotAddCurrencies() {
        Pricing pricing = Pricing.of(List.of(new Line("TEA", 4), new Line("MUG", 1)), PRICES);

        assertThat(pricing)
                .isInstanceOfSatisfying(
                        Pricing.Unpriced.class,
                        unpriced -> assertThat(unpriced.errors())
                                .extracting("pointer")
                                .containsExactly("/items/1/sku"));
    }

    @Test
    void takesGiftsWithAnOrderButNoOrderThatCostsNothing() {
        Pricing gift = Pricing.of(List.of(new Line("AIR", 1), new Line("TEA", 1)), PRICES);
        Pricing nothing = Pricing.of(List.of(new Line("AIR", 3)), PRICES);

        assertThat(gift).isInstanceOf(Pricing.Priced.class);
        assertThat(nothing).isInstanceOfSatisfying(Pricing.Unpriced.class, unpriced -> {
            assertThat(unpriced.type()).isEqualTo(ProblemType.INVALID_REQUEST);
            assertThat(unpriced.errors()).extracting("pointer").containsExactly("/items");
        });
    }

    @Test
    void makesIdsThatGrowWithTime() {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        List<String> ids = new ArrayList<>();
        for (int micros = 0; micros < 5000; micros++) {
            ids.add(OrderIds.next(start.plusNanos(1000L * micros)).toString());
        }

        assertThat(ids).isSorted().doesNotHaveDuplicates();
        UUID id = OrderIds.next(start);
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(start.toEpochMilli());
    }

    @Test
    void readsOnlyCanonicalIds() {
        assertThat(OrderIds.parse("0197a000-0000-7000-8000-00000000d0e0")).isPresent();
        assertThat(OrderIds.parse("1-1-1-1-1")).isEmpty();
        assertThat(OrderIds.parse("42")).isEmpty();
    }

    @Test
    void readsOnlyCursorsOfItsOwnMaking() {
        Cursor cursor = new Cursor("secret".getBytes(StandardCharsets.UTF_8));
        Cursor other = new Cursor("another".getBytes(StandardCharsets.UTF_8));
        Cursor.Position position = new Cursor.Position(Instant.parse("2026-01-01T00:00:00.123456Z"), UUID.randomUUID());

        String text = cursor.write(position, "list");

        assertThat(cursor.read(text, "list")).contains(position);
        assertThat(cursor.read(text, "another list")).isEmpty();
        assertThat(other.read(text, "list")).isEmpty();
        assertThat(cursor.read("B" + text.substring(1), "list")).isEmpty();
        assertThat(cursor.read("", "list")).isEmpty();
        assertThat(cursor.read("!", "list")).isEmpty();
    }

    @Test
    void matchesEntityTags() {
        assertThat(EntityTags.match("\"3\"", "\"3\"")).isTrue();
        assertThat(EntityTags.match("\"2\", W/\"3\"", "\"3\"")).isTrue();
        assertThat(EntityTags.match("*", "\"3\"")).isTrue();
        assertThat(EntityTags.match("\"33\", 3", "\"3\"")).isFalse();
    }
}
