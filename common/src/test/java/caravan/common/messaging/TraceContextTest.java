package caravan.common.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceContextTest {

    private static final String IDS = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-";

    @ParameterizedTest
    @CsvSource({"00, false", "01, true", "02, false", "03, true", "ff, true", "0, false", "0x, false"})
    void knowsFromTheFlagsWhetherItIsRecorded(String flags, boolean sampled) {
        TraceContext context = new TraceContext(IDS + flags, null, null);

        assertThat(context.isSampled()).isEqualTo(sampled);
        assertThat(TraceContext.isSampled((IDS + flags).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(sampled);
    }

    @Test
    void knowsItsTraceAlsoWhereNobodyRecordsIt() {
        assertThat(new TraceContext(IDS + "00", null, null).traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(TraceContext.NONE.traceId()).isNull();
        assertThat(new TraceContext("nonsense", null, null).traceId()).isNull();
        assertThat(new TraceContext("nonsense", null, null).isSampled()).isFalse();
    }
}
