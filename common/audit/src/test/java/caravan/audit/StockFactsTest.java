package caravan.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StockFactsTest {

    @Test
    void isContentWhenEveryPieceIsAccountedFor() {
        assertThat(new StockFacts("BOOK", 7, 2, 1, 10, 2).violations()).isEmpty();
    }

    @Test
    void missesAPiece() {
        assertThat(new StockFacts("BOOK", 6, 2, 1, 10, 2).violations())
                .containsExactly(new Violation(Invariant.STOCK_ADDS_UP, "BOOK", "9 pieces there, 10 put in"));
    }

    @Test
    void findsPiecesThatAreReservedForNobody() {
        assertThat(new StockFacts("BOOK", 6, 3, 1, 10, 2).violations())
                .containsExactly(new Violation(Invariant.RESERVED_IS_PROMISED, "BOOK", "3 reserved, 2 promised"));
    }
}
