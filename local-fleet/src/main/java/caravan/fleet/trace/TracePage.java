package caravan.fleet.trace;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Traces for a browser: a list, and one as a waterfall. No script, nothing from elsewhere; all text is escaped. */
public final class TracePage {

    private static final String STYLE = """
            :root{color-scheme:light dark;--line:#8884;--bar:#3b82c4;--critical:#c47a1a;--bad:#c8383a}
            body{font:14px/1.4 system-ui,sans-serif;margin:1.5em}
            table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.15em .6em;white-space:nowrap;border-bottom:1px solid var(--line)}
            td.wide{width:55%;min-width:20em}.num{text-align:right;font-variant-numeric:tabular-nums}
            .track{position:relative;height:1em}.bar{position:absolute;top:.15em;height:.7em;min-width:2px;background:var(--bar);border-radius:2px}
            .critical .bar{background:var(--critical)}.bad .bar{background:var(--bad)}.bad td{color:var(--bad)}
            summary{cursor:pointer}pre{white-space:pre-wrap;margin:.3em 0 .3em 2em}
            a{color:inherit}""";

    private TracePage() {}

    public static String list(List<Trace> traces, int kept) {
        String rows = traces.stream().map(TracePage::row).collect(Collectors.joining("\n"));
        return page("Caravan traces", """
                <h1>Traces</h1>
                <p>The last that came, newest first; %d spans are kept, the oldest traces go. An order's own:
                <code>./caravan trace &lt;order id&gt;</code>.</p>
                <table><tr><th>began<th>trace<th>begins with<th>order<th class="num">spans<th class="num">errors<th class="num">took
                %s</table>""".formatted(kept, rows));
    }

    private static String row(Trace trace) {
        Span first = trace.spans().getFirst();
        long errors = trace.spans().stream().filter(Span::failed).count();
        return "<tr%s><td>%s<td><a href=\"/trace/%s\"><code>%s</code></a><td>%s %s<td><code>%s</code><td class=\"num\">%d<td class=\"num\">%d<td class=\"num\">%s"
                .formatted(
                        errors > 0 ? " class=\"bad\"" : "",
                        Instant.ofEpochMilli(first.startNs() / 1_000_000),
                        escaped(trace.id()),
                        escaped(trace.id()),
                        escaped(first.service()),
                        escaped(first.name()),
                        escaped(trace.order()),
                        trace.spans().size(),
                        errors,
                        TraceText.millis(trace.durationNs()));
    }

    public static String one(Trace trace) {
        Set<String> critical = trace.criticalPath();
        StringBuilder rows = new StringBuilder();
        trace.walk((span, depth) -> rows.append(row(trace, span, depth, critical.contains(span.id()))));
        return page("Trace " + trace.id(), """
                <p><a href="/">all traces</a></p>
                <h1>%s</h1>
                <p>%s, %d spans, %s. Order <code>%s</code>. The critical path has the other colour; a click shows what a span says.</p>
                <table><tr><th>service<th>span<th class="num">at<th class="num">took<th>
                %s</table>""".formatted(
                        escaped(trace.id()),
                        Instant.ofEpochMilli(trace.startNs() / 1_000_000),
                        trace.spans().size(),
                        TraceText.millis(trace.durationNs()),
                        escaped(trace.order()),
                        rows));
    }

    private static String row(Trace trace, Span span, int depth, boolean critical) {
        double whole = Math.max(1, trace.durationNs());
        return String.format(
                Locale.ROOT,
                "<tr class=\"%s%s\"><td>%s<td style=\"padding-left:%.1fem\"><details><summary>%s</summary><pre>%s</pre></details>"
                        + "<td class=\"num\">%s<td class=\"num\">%s<td class=\"wide\"><div class=\"track\"><div class=\"bar\""
                        + " style=\"left:%.3f%%;width:%.3f%%\"></div></div>%n",
                critical ? "critical " : "",
                span.failed() ? "bad" : "",
                escaped(span.service()),
                0.6 + depth * 0.5,
                escaped(span.name() + (span.failed() ? ": " + span.status() : "")),
                escaped(details(span)),
                TraceText.millis(span.startNs() - trace.startNs()),
                TraceText.millis(span.durationNs()),
                100 * (span.startNs() - trace.startNs()) / whole,
                Math.min(100, 100 * span.durationNs() / whole));
    }

    private static String details(Span span) {
        StringBuilder text = new StringBuilder(span.kind() + " " + span.id() + "\n");
        span.attributes().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(each -> text.append(each.getKey())
                        .append(" = ")
                        .append(each.getValue())
                        .append('\n'));
        span.links()
                .forEach(link -> text.append("link ")
                        .append(link.why())
                        .append(" -> ")
                        .append(link.traceId())
                        .append(' ')
                        .append(link.spanId())
                        .append('\n'));
        span.events().forEach(event -> text.append("event ").append(event).append('\n'));
        return text.toString();
    }

    private static String page(String title, String body) {
        return """
                <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>%s</title>
                <style>%s</style>
                %s</html>
                """.formatted(escaped(title), STYLE, body);
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
