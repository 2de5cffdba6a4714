package caravan.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Who talked to whom in the traces that the fleet's tests expect: a span and its parent in another service, or a span that nobody of ours answers. */
final class Traces {

    private static final Pattern SPAN = Pattern.compile("^( *)(\\S+) (SERVER|CLIENT|PRODUCER|CONSUMER|INTERNAL) (.*)$");

    /** @param depth in spaces */
    private record Span(int depth, String service, String kind, String name) {}

    private final Set<Edge> edges = new TreeSet<>();

    /** What stands for the brokers, the card network and the mail server there. */
    record Others(String kafka, Edge cards, Edge mail) {}

    private final Others others;

    private Traces(Others others) {
        this.others = others;
    }

    static Set<Edge> edges(Others others) {
        Traces traces = new Traces(others);
        try (Stream<Path> files = Files.list(Clone.CHECKOUT.resolve("fleet-tests/src/test/resources/traces"))) {
            for (Path file : files.sorted().toList()) {
                traces.read(Files.readAllLines(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return traces.edges;
    }

    private void read(List<String> lines) {
        Deque<Span> above = new ArrayDeque<>();
        for (Span span : spans(lines)) {
            while (!above.isEmpty() && above.element().depth() >= span.depth()) {
                above.pop();
            }
            edge(above.peek(), span);
            above.push(span);
        }
    }

    private static List<Span> spans(List<String> lines) {
        List<Span> spans = new ArrayList<>();
        for (String line : lines) {
            Matcher matcher = SPAN.matcher(line);
            if (!matcher.matches()) {
                throw new IllegalStateException("no span: " + line);
            }
            spans.add(new Span(matcher.group(1).length(), matcher.group(2), matcher.group(3), matcher.group(4)));
        }
        return spans;
    }

    private void edge(@org.jspecify.annotations.Nullable Span parent, Span span) {
        switch (span.kind()) {
            case "PRODUCER", "CONSUMER" -> edges.add(new Edge(span.service(), others.kafka(), 9092));
            case "SERVER" -> {
                if (parent != null) {
                    edges.add(new Edge(parent.service(), span.service(), 8080));
                }
            }
            case "CLIENT" -> {
                if (span.name().startsWith("SMTP")) {
                    edges.add(others.mail());
                } else if (span.name().contains("/v1/charges")) {
                    edges.add(others.cards());
                }
            }
            default -> {}
        }
    }
}
