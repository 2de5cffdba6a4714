package caravan.gateway.proxy.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files of the console are those that are served, and none of them needs a weaker policy. */
class ConsolePagesTest {

    private static final Path FOLDER = Path.of("src", "main", "resources", "console");
    private static final String PAGE = "console.html";

    /** What makes markup or code of a text. */
    private static final Pattern TEXT_THAT_RUNS = Pattern.compile(
            "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|DOMParser|\\beval\\(|new Function|srcdoc|javascript:");

    private static final Pattern INLINE = Pattern.compile("<style|\\sstyle=|\\son[a-z]+=|<script(?![^>]*\\ssrc=)");
    private static final Pattern ELSEWHERE = Pattern.compile("https?://(?!www\\.w3\\.org/2000/svg)");
    private static final Pattern STORED = Pattern.compile("localStorage|sessionStorage|indexedDB|document\\.cookie");

    @Test
    void servesEveryFileThatThereIsAndNoOther() {
        TreeSet<String> served = new TreeSet<>(ConsolePages.FILES.keySet());
        served.add(PAGE);

        assertThat(files().keySet()).isEqualTo(served);
    }

    @Test
    void makesNoMarkupOrCodeOfText() {
        assertThat(files()).allSatisfy((name, text) -> {
            assertThat(TEXT_THAT_RUNS.matcher(text).find()).as(name).isFalse();
            assertThat(INLINE.matcher(text).find() && name.endsWith(".html"))
                    .as(name)
                    .isFalse();
        });
    }

    @Test
    void fetchesNothingFromElsewhereAndKeepsNothing() {
        assertThat(files()).allSatisfy((name, text) -> {
            assertThat(ELSEWHERE.matcher(text).find()).as(name).isFalse();
            assertThat(STORED.matcher(text).find()).as(name).isFalse();
        });
    }

    private static Map<String, String> files() {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.toList()) {
                texts.put(file.getFileName().toString(), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }
}
