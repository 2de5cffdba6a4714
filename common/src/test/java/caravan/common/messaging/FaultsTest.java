package caravan.common.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {

    @ParameterizedTest
    @ValueSource(strings = {"08006", "40001", "40P01", "53300", "55P03", "57P01", "58030"})
    void waitsForTheDatabase(String sqlState) {
        assertThat(Faults.passes(sql(sqlState))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"22P05", "23505", "23514", "42601"})
    void blamesTheRecordForWhatTheDatabaseRefuses(String sqlState) {
        assertThat(Faults.passes(sql(sqlState))).isFalse();
    }

    @Test
    void waitsForTheNetworkAndTheBroker() {
        assertThat(Faults.passes(new ConnectException("refused"))).isTrue();
        assertThat(Faults.passes(new CompletionException(new NotLeaderOrFollowerException("moved"))))
                .isTrue();
        assertThat(Faults.passes(new RecordTooLargeException("2 MB"))).isFalse();
    }

    @Test
    void doesNotWaitForADefect() {
        assertThat(Faults.passes(new IllegalStateException("two answers to one command")))
                .isFalse();
        assertThat(Faults.passes(new NullPointerException())).isFalse();
    }

    /** Jackson's exceptions are IOExceptions; to wait for them to pass would block a partition for ever. */
    @Test
    void doesNotWaitForJsonToBecomeReadable() {
        assertThat(Faults.passes(new JsonParseException(null, "no JSON"))).isFalse();
        assertThat(Faults.passes(new IllegalStateException("cannot write", new JsonParseException(null, "cycle"))))
                .isFalse();
    }

    @Test
    void describesTheDeepestCause() {
        Throwable fault = new RuntimeException("outer", new IllegalArgumentException("inner"));

        assertThat(Faults.describe(fault)).isEqualTo("IllegalArgumentException: inner");
    }

    private static PgException sql(String state) {
        return new PgException("no", "ERROR", state, null);
    }
}
