package caravan.common.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.common.sql.WalPosition;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsistencyTokenTest {

    private static final WalPosition HIGHEST = new WalPosition(-1);

    @Test
    void isReadAsItWasWritten() {
        ConsistencyToken token = ConsistencyToken.NONE
                .raised("products", new WalPosition(0x9f0))
                .raised("orders", WalPosition.parse("16/B374D848"))
                .raised("a-database_2", WalPosition.START)
                .raised("highest", HIGHEST);

        assertThat(token.text())
                .isEqualTo("a-database_2.0~highest.ffffffffffffffff~orders.16b374d848~products.9f0")
                .matches("[A-Za-z0-9._~-]+");
        assertThat(parse(token.text())).isEqualTo(token);
    }

    @Test
    void asksForNothingWhenNothingIsSent() {
        assertThat(ConsistencyToken.parse(null)).isEqualTo(ConsistencyToken.NONE);
        assertThat(parse()).isEqualTo(ConsistencyToken.NONE);
        assertThat(ConsistencyToken.NONE.of("orders")).isEmpty();
    }

    @Test
    void neverGoesBack() {
        ConsistencyToken token = ConsistencyToken.NONE.raised("orders", HIGHEST);

        ConsistencyToken answered = token.raised("orders", new WalPosition(Long.MAX_VALUE));

        assertThat(answered.of("orders")).contains(HIGHEST);
    }

    @Test
    void carriesWhatItDoesNotKnow() {
        ConsistencyToken answered =
                parse("moon.7~orders.1").raised("orders", new WalPosition(2)).raised("products", new WalPosition(3));

        assertThat(answered.text()).isEqualTo("moon.7~orders.2~products.3");
    }

    @Test
    void joinsWhatAClientHasFromTwoAnswers() {
        ConsistencyToken joined = parse("orders.5~products.1", "orders.3~products.4 , sagas.2");

        assertThat(joined.text()).isEqualTo("orders.5~products.4~sagas.2");
    }

    @Test
    void keepsItsOwnEntryWhenOthersHaveMadeItFull() {
        ConsistencyToken full = parse(entries(8));

        assertThat(full.positions()).hasSize(8);
        assertThat(full.raised("db3", new WalPosition(99)).positions()).hasSize(8);
        assertThat(full.raised("orders", new WalPosition(1)).text()).isEqualTo("orders.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "orders",
                "orders.",
                ".1",
                "orders.01",
                "orders.0x1",
                "orders.1G",
                "orders.1A",
                "orders.-1",
                "orders.10000000000000000",
                "orders.1~",
                "~orders.1",
                "orders.1,",
                "Orders.1",
                "1orders.1",
                "orders.1 products.1",
                "orders.1;products.1",
                "orders.1.2",
                "orders%2e1",
                "an-overly-long-name-of-some-database.1"
            })
    void refusesWhatNoAnswerHasCarried(String text) {
        assertMalformed(text);
    }

    @Test
    void refusesMoreThanThereCanBe() {
        assertMalformed(entries(9));
        assertMalformed("orders.1,".repeat(200) + "orders.1");
        assertMalformed(entries(5), entries(9));
    }

    private static String entries(int databases) {
        return IntStream.range(0, databases).mapToObj(i -> "db" + i + "." + i).collect(Collectors.joining("~"));
    }

    private static void assertMalformed(String... lines) {
        assertThatThrownBy(() -> parse(lines)).isInstanceOfSatisfying(ProblemException.class, problem -> {
            assertThat(problem.type()).isEqualTo(ProblemType.BAD_REQUEST);
            assertThat(problem).hasMessageContaining("leave it away");
        });
    }

    private static ConsistencyToken parse(String... lines) {
        return ConsistencyToken.parse(List.of(lines));
    }

    @Test
    void tellsWhatANodeMustHave() {
        assertThat(parse("orders.1f").of("orders")).isEqualTo(Optional.of(new WalPosition(31)));
    }
}
