package caravan.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LetterTest {

    private static final UUID ORDER = UUID.fromString("0198c0de-0000-7000-8000-00000000002a");

    @Test
    void saysWhatWasOrdered() {
        Letter letter = Letter.of(Confirmations.to(ORDER, "ada@example.com"));

        assertThat(letter.subject()).contains(ORDER.toString());
        assertThat(letter.text()).contains("Hello Ada Lovelace", "2  Tea", "19.99 EUR each", "Total: 39.98 EUR");
    }

    @Test
    void hasAMessageIdThatFollowsFromTheOrder() {
        assertThat(Letter.of(Confirmations.to(ORDER, "ada@example.com")).messageId())
                .isEqualTo("<0198c0de-0000-7000-8000-00000000002a@caravan.example>");
    }

    @Test
    void saysThatAnOrderIsCancelledInAMailOfItsOwn() {
        Letter letter = Letter.of(Confirmations.cancelled(ORDER, "ada@example.com"));

        assertThat(letter.subject()).contains(ORDER.toString(), "cancelled");
        assertThat(letter.text()).contains("Hello Ada Lovelace", "cancelled as you wished", "Total: 39.98 EUR");
        assertThat(letter.html()).contains("cancelled as you wished");
        assertThat(letter.messageId()).isEqualTo("<0198c0de-0000-7000-8000-00000000002a.cancelled@caravan.example>");
    }

    @Test
    void escapesWhatPeopleWrote() {
        Letter letter = Letter.of(Confirmations.to(ORDER, "<script>\"", "ada@example.com"));

        assertThat(letter.html())
                .contains("&lt;script&gt;&quot;", "Tea &lt;green&gt; &amp; good")
                .doesNotContain("<script>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada@example.com", "a.b+c@x.example", "o'hara@example.org"})
    void takesPlainAddresses(String email) {
        assertThat(Letter.canBeAddressedTo(email)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ada",
                "ada@",
                "@example.com",
                "ada@example.com\r\nRCPT TO:<eve@example.com>",
                "ada@example.com>",
                "Ada <ada@example.com>",
                "ada@example.com,eve@example.com",
                "adä@example.com"
            })
    void refusesWhatCouldChangeTheDialogue(String email) {
        assertThat(Letter.canBeAddressedTo(email)).isFalse();
    }
}
