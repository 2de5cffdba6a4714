package caravan.common.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.fleet.testing.LogRecorder;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.junit.jupiter.api.Test;

class FactsTest {

    private static final Logger LOG = Logger.getLogger(FactsTest.class);

    private final UUID order = UUID.randomUUID();

    @Test
    void putsKeysBesideTheMessage() {
        Facts facts = Facts.ofOrder(order)
                .saga("s")
                .step("charge-payment")
                .message("m")
                .attempt(2)
                .trace("t", "p");

        try (LogRecorder log = LogRecorder.start()) {
            facts.tell(() -> LOG.info("card network: no answer"));

            assertThat(log.ours())
                    .singleElement()
                    .satisfies(line -> assertThat(line.keys())
                            .containsEntry("orderId", order.toString())
                            .containsEntry("sagaId", "s")
                            .containsEntry("step", "charge-payment")
                            .containsEntry("messageId", "m")
                            .containsEntry("attempt", "2")
                            .containsEntry("traceId", "t")
                            .containsEntry("spanId", "p"));
        }
    }

    @Test
    void leavesTheContextAsItWas() {
        MDC.put("traceId", "of the request");

        Facts.ofOrder(order)
                .trace("of the record", null)
                .tell(() -> assertThat(MDC.get("traceId")).isEqualTo("of the record"));

        assertThat(MDC.get("traceId")).isEqualTo("of the request");
        assertThat(MDC.get("orderId")).isNull();
        MDC.remove("traceId");
    }

    @Test
    void leavesTheContextAsItWasAlsoWhenTheLineFails() {
        assertThatThrownBy(() -> Facts.ofOrder(order).tell(() -> {
                    throw new IllegalStateException("no disk");
                }))
                .hasMessage("no disk");

        assertThat(MDC.get("orderId")).isNull();
    }

    @Test
    void cutsWhatComesFromOutside() {
        Facts.NONE
                .message("x".repeat(5_000))
                .tell(() -> assertThat(String.valueOf(MDC.get("messageId"))).hasSize(120));
    }

    @Test
    void saysNothingOfATraceThatIsNotThere() {
        Facts.NONE.trace(null, "span").tell(() -> assertThat(MDC.get("spanId")).isNull());
    }
}
