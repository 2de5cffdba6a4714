package caravan.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreFaultsTest {

    @ParameterizedTest
    @ValueSource(strings = {"08006", "40P01", "53300", "57P01"})
    void aServerThatIsAwayOrBusyPasses(String sqlState) {
        assertThat(StoreFaults.passes(new IllegalStateException(new PgException("m", "FATAL", sqlState, "d"))))
                .isTrue();
    }

    @Test
    void aConnectionATimeoutAndAFullQueuePass() {
        assertThat(StoreFaults.passes(new ConnectException("refused"))).isTrue();
        assertThat(StoreFaults.passes(new TimeoutException())).isTrue();
        assertThat(StoreFaults.passes(new RejectedExecutionException())).isTrue();
    }

    @Test
    void aDefectDoesNotPass() {
        assertThat(StoreFaults.passes(new PgException("m", "ERROR", "42601", "syntax")))
                .isFalse();
        assertThat(StoreFaults.passes(new IllegalStateException("broken"))).isFalse();
    }
}
