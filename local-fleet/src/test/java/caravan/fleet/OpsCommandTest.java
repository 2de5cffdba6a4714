package caravan.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the operators' commands ask of a gateway, and what they make of its answers. */
class OpsCommandTest {

    private static final String LOGIN = "{\"access_token\":\"token\"}";
    private static final String SAGA = """
            {"id":"0198f3a0-0000-7000-8000-000000000001","type":"place-order","phase":"STUCK","step":"charge-payment",
             "attempt":9,"startedAt":"2026-01-01T00:00:00Z","failure":{"code":"address-undeliverable"}}""";
    private static final String LETTER = """
            {"id":"6785f694-bb54-3c78-a5db-40957550e45f","state":"OPEN","topic":"payment.commands.v1",
             "failedAt":"2026-01-01T00:00:00Z","cause":"PgException: defect"}""";

    private final List<String> asked = new ArrayList<>();
    private final Deque<String> answers = new ArrayDeque<>(List.of(LOGIN));
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private HttpServer gateway;

    @BeforeEach
    void startsAGateway() throws IOException {
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/", this::answer);
        gateway.start();
    }

    @AfterEach
    void stopsIt() {
        gateway.stop(0);
    }

    @Test
    void listsByFilter() {
        answers.add("{\"items\":[" + SAGA + "],\"nextCursor\":\"more\"}");

        int code = sagas("list", "--state", "STUCK", "--older-than", "5m");

        assertThat(code).isZero();
        assertThat(asked).containsExactly("GET /api/v1/ops/sagas?state=STUCK&olderThan=PT5M ");
        assertThat(printed.toString(UTF_8))
                .contains("0198f3a0-0000-7000-8000-000000000001", "STUCK", "charge-payment", "address-undeliverable")
                .endsWith("1, and more.\n");
    }

    @Test
    void listsWhatThereIsWhenItIsToldNothing() {
        answers.add("{\"items\":[" + LETTER + "]}");

        assertThat(letters()).isZero();

        assertThat(asked).containsExactly("GET /api/v1/ops/dead-letters ");
        assertThat(printed.toString(UTF_8)).contains("payment.commands.v1", "(no id)", "PgException: defect");
    }

    @Test
    void givesOneSagaAnOrder() {
        answers.add(SAGA);

        assertThat(sagas("skip", "some-id", "--step", "charge-payment", "--reason", "card is gone"))
                .isZero();

        assertThat(asked)
                .containsExactly(
                        "POST /api/v1/ops/sagas/some-id/skip {\"step\":\"charge-payment\",\"reason\":\"card is gone\"}");
    }

    @Test
    void asksThousandByThousandUntilAllAreDone() {
        answers.add("{\"matched\":1000,\"done\":1000}");
        answers.add("{\"matched\":17,\"done\":17}");

        assertThat(sagas("resume", "--state", "STUCK", "--reason", "mended")).isZero();

        assertThat(asked)
                .containsExactly(
                        "POST /api/v1/ops/sagas/repair?verb=resume&state=STUCK&dryRun=false {\"reason\":\"mended\"}",
                        "POST /api/v1/ops/sagas/repair?verb=resume&state=STUCK&dryRun=false {\"reason\":\"mended\"}");
        assertThat(printed.toString(UTF_8)).endsWith("1017 of 1017 are done.\n");
    }

    @Test
    void saysInItsExitCodeThatSomeWereLeft() {
        answers.add("{\"matched\":5,\"done\":3,\"heldBack\":2}");

        assertThat(letters("replay", "--topic", "payment.commands.v1", "--cause", "a & b"))
                .isOne();

        assertThat(asked)
                .containsExactly(
                        "POST /api/v1/ops/dead-letters/replay?topic=payment.commands.v1&cause=a+%26+b&dryRun=false {}");
    }

    @Test
    void onlyCountsInADryRun() {
        answers.add("{\"matched\":1000,\"done\":0,\"dryRun\":true}");

        assertThat(letters("discard", "--reason", "old", "--dry-run")).isZero();

        assertThat(asked).containsExactly("POST /api/v1/ops/dead-letters/discard?dryRun=true {\"reason\":\"old\"}");
        assertThat(printed.toString(UTF_8)).endsWith("1000 would be asked (at most 1000 are counted).\n");
    }

    @Test
    void saysWhatThereIsWhenItIsAskedForSomethingElse() {
        assertThatThrownBy(() -> sagas("explode")).hasMessageContaining("compensate, resume, retry, skip");
        assertThatThrownBy(() -> sagas("list", "--topic", "x")).hasMessage("There is no option --topic here.");
        assertThatThrownBy(() -> letters("show")).hasMessage("show needs an id.");
        assertThatThrownBy(() -> letters("discard", "--reason")).hasMessage("--reason needs a value.");
    }

    private int sagas(String... words) {
        return run(OpsCommand.Things.SAGAS, words);
    }

    private int letters(String... words) {
        return run(OpsCommand.Things.DEAD_LETTERS, words);
    }

    private int run(OpsCommand.Things things, String... words) {
        return OpsCommand.run(
                things,
                List.of(words),
                URI.create("http://localhost:" + gateway.getAddress().getPort()),
                new Credentials.Login("operator@caravan.example", "secret"),
                new PrintStream(printed, true, UTF_8));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        if (!exchange.getRequestURI().getPath().equals("/auth/login")) {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
        }
        byte[] answer = answers.remove().getBytes(UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }
}
