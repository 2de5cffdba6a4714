package caravan.common.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageIdTest {

    private static final UUID SAGA = UUID.fromString("0198c0de-0000-7000-8000-00000000002a");

    @ParameterizedTest
    @EnumSource
    void readsWhatItWrote(Direction direction) {
        MessageId id = new MessageId(SAGA, "charge-payment", direction);

        assertThat(MessageId.parse(id.toString())).contains(id);
        assertThat(MessageId.answeredBy(id.replyId())).contains(id);
        assertThat(MessageId.answeredBy(id.deferralId(1_700_000_000_000L))).contains(id);
    }

    @Test
    void isSpelledAsTheProtocolSays() {
        MessageId id = new MessageId(SAGA, "charge-payment", Direction.UNDO);

        assertThat(id).hasToString(SAGA + ":charge-payment:undo");
        assertThat(id.replyId()).isEqualTo(SAGA + ":charge-payment:undo:reply");
    }

    @Test
    void tellsACommandFromItsReply() {
        MessageId id = new MessageId(SAGA, "charge-payment", Direction.DO);

        assertThat(MessageId.parse(id.replyId())).isEmpty();
        assertThat(MessageId.answeredBy(id.toString())).isEmpty();
    }

    @Test
    void findsTheActionOfAnUndo() {
        MessageId undo = new MessageId(SAGA, "charge-payment", Direction.UNDO);

        assertThat(undo.action()).isEqualTo(new MessageId(SAGA, "charge-payment", Direction.DO));
        assertThat(undo.action().action()).isEqualTo(undo.action());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "::",
                "no-uuid:step:do",
                "0198c0de-0000-7000-8000-00000000002a:step",
                "0198c0de-0000-7000-8000-00000000002a::do",
                "0198c0de-0000-7000-8000-00000000002a:step:redo",
                "0198c0de-0000-7000-8000-00000000002a:step:DO",
                "0198c0de-0000-7000-8000-00000000002a:step:do:",
                "0198c0de-0000-7000-8000-00000000002a:step:do:answer",
                "0198c0de-0000-7000-8000-00000000002a:step:do:reply:1"
            })
    void knowsNoOtherSpelling(String text) {
        assertThat(MessageId.parse(text)).isEmpty();
        assertThat(MessageId.answeredBy(text)).isEmpty();
    }
}
