package caravan.fleet.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class RowsTest {

    @Test
    void ordersIdsAsPostgresDoes() {
        UUID low = UUID.fromString("00000000-0000-7000-8000-000000000000");
        UUID high = UUID.fromString("ffffffff-0000-7000-8000-000000000000");

        assertThat(Rows.compare(low, high)).isNegative();
    }
}
