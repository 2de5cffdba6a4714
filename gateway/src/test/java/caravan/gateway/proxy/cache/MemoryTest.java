package caravan.gateway.proxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryTest {

    private static final long ROOM = 1 << 20;
    private static final Key TEA = new Key("/tea", "", 0, Coding.ANY);

    private final AtomicLong nanos = new AtomicLong();
    private final List<String> left = new ArrayList<>();
    private final Memory memory = new Memory(ROOM, nanos::get, (key, hits) -> left.add(key.path() + " " + hits));

    @Test
    void keepsTheAnswerThatWasAskedForLast() {
        memory.keep(TEA, Said.answer(10, "new"));

        memory.keep(TEA, Said.answer(9, "late"));
        assertThat(bodyOf(TEA)).isEqualTo("new");

        memory.keep(TEA, Said.answer(11, "newer"));
        assertThat(bodyOf(TEA)).isEqualTo("newer");
    }

    @Test
    void goesOnCountingWhenTheAnswerIsReplaced() {
        memory.keep(TEA, Said.answer(0, "old"));
        usage().hit();

        memory.keep(TEA, Said.answer(1, "new"));
        usage().hit();

        assertThat(usage().take()).isEqualTo(2);
        assertThat(usage().hits()).isZero();
    }

    @Test
    void forgetsWhatNobodyMayUseAnyMoreAndTellsOfItsHits() {
        memory.keep(TEA, Said.answer(0, "tea", "Age", "40"));
        usage().hit();

        pass(Duration.ofSeconds(319));
        assertThat(memory.find(TEA)).isNotNull();
        pass(Duration.ofSeconds(1));
        memory.tidy();

        assertThat(memory.find(TEA)).isNull();
        assertThat(left).containsExactly("/tea 1");
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void tellsOfHitsOfWhatIsTakenAway() {
        memory.keep(TEA, Said.answer(0, "tea"));
        usage().hit();
        memory.forget(TEA);
        memory.keep(TEA, Said.answer(0, "tea"));
        usage().hit();
        memory.open(TEA);

        assertThat(left).containsExactly("/tea 1", "/tea 1");
    }

    @Test
    void looksAgainSoonAtWhatWasNotForACache() {
        memory.open(TEA);
        assertThat(memory.find(TEA)).isInstanceOf(Slot.Open.class);

        pass(Duration.ofSeconds(10));

        assertThat(memory.find(TEA)).isNull();
    }

    @Test
    void knowsThatThereIsOneForEachCoding() {
        memory.keep(TEA.in(Coding.GZIP), Said.answer(0, "tea"));

        assertThat(memory.find(TEA)).isInstanceOf(Slot.Split.class);
        assertThat(memory.held(TEA.in(Coding.GZIP))).isNotNull();
        assertThat(memory.find(TEA.in(Coding.IDENTITY))).isNull();
    }

    @Test
    void staysInItsRoomWhateverComes() {
        IntStream.range(0, 20_000).forEach(i -> memory.keep(search(i), Said.answer(0, "x".repeat(i % 300))));
        memory.tidy();

        assertThat(memory.bytes()).isBetween(ROOM / 2, ROOM);
    }

    @Test
    void keepsWhatIsAskedForOftenInAFloodOfWhatIsAskedForOnce() {
        List<Key> products = IntStream.range(0, 100)
                .mapToObj(i -> new Key("/products/" + i, "", 0, Coding.ANY))
                .toList();
        products.forEach(product -> memory.keep(product, Said.answer(0, "tea")));
        IntStream.range(0, 20).forEach(_ -> products.forEach(memory::find));

        for (int i = 0; i < 50_000; i++) {
            memory.find(search(i));
            memory.keep(search(i), Said.answer(0, "{}"));
            // One of six is for a product: each comes up once in 600.
            if (i % 5 == 0) {
                memory.find(products.get(i / 5 % products.size()));
            }
        }

        assertThat(products.stream().filter(product -> memory.find(product) != null))
                .hasSizeGreaterThan(90);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private Usage usage() {
        return java.util.Objects.requireNonNull(memory.held(TEA)).usage();
    }

    private String bodyOf(Key key) {
        Answer answer = java.util.Objects.requireNonNull(memory.held(key)).answer();
        return ((caravan.gateway.proxy.Fetched.Whole) answer.said()).body().toString();
    }

    private static Key search(int i) {
        return new Key("/products", "q=" + i, 0, Coding.ANY);
    }
}
