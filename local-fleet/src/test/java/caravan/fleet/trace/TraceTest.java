package caravan.fleet.trace;

import static caravan.fleet.trace.Traces.span;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TraceTest {

    /** A request that is over long before what it has caused. */
    private final Trace order = new Trace(
            "t",
            List.of(
                    span("t", "mail", "step", 60, 90),
                    span("t", "request", "", 0, 20),
                    span("t", "step", "send", 30, 50),
                    span("t", "audit", "send", 31, 40),
                    span("t", "send", "request", 15, 16)));

    @Test
    void putsEachSpanAfterItsParent() {
        List<String> seen = new ArrayList<>();

        order.walk((span, depth) -> seen.add(depth + " " + span.id()));

        assertThat(seen).containsExactly("0 request", "1 send", "2 step", "3 mail", "2 audit");
    }

    @Test
    void followsWhatEndsLastThroughWhatHasEndedBefore() {
        assertThat(order.criticalPath()).containsExactlyInAnyOrder("request", "send", "step", "mail");
        assertThat(order.durationNs()).isEqualTo(90_000_000);
    }

    @Test
    void followsTheLastChildAlsoWhereTheParentWaitsForIt() {
        Trace call = new Trace(
                "t", List.of(span("t", "a", "", 0, 100), span("t", "b", "a", 5, 30), span("t", "c", "a", 35, 90)));

        assertThat(call.criticalPath()).containsExactlyInAnyOrder("a", "c");
    }

    @Test
    void showsASpanWithoutItsParentAtTheTop() {
        Trace torn = new Trace("t", List.of(span("t", "a", "", 0, 1), span("t", "b", "gone", 2, 3)));

        assertThat(torn.orphans()).extracting(Span::id).containsExactly("b");
        assertThat(torn.tops()).extracting(Span::id).containsExactly("a", "b");
        assertThat(TraceText.of(torn)).contains("1 spans stand at the left");
    }

    @Test
    void survivesSpansThatNameEachOtherAsParent() {
        Trace circle = new Trace("t", List.of(span("t", "a", "b", 0, 1), span("t", "b", "a", 0, 1)));

        assertThat(circle.tops()).isEmpty();
        assertThat(circle.criticalPath()).isEmpty();
        assertThat(TraceText.of(circle)).contains("2 spans");
    }

    @Test
    void marksTheCriticalPathAndSaysWhatWentWrong() {
        Span failed = new Span(
                "t",
                "x",
                "",
                "charge",
                Span.Kind.CLIENT,
                "payment-service",
                0,
                5_000_000,
                Map.of(),
                "503",
                List.of(new Span.Link("t", "y", "retry"), new Span.Link("u", "z", "poll")),
                List.of());

        assertThat(TraceText.of(new Trace("t", List.of(failed))))
                .containsPattern("\\* +\\+0.0 ms +5.0 ms +payment-service +charge  ERROR 503  -> retry\\R");
    }

    @Test
    void escapesAllTextOfAPage() {
        Span evil = new Span(
                "t",
                "x",
                "",
                "<script>alert('1')</script>",
                Span.Kind.CLIENT,
                "\"><img>",
                0,
                1,
                Map.of(Span.ORDER, "<b>"),
                "<i>",
                List.of(),
                List.of("<u>"));
        Trace trace = new Trace("<t>", List.of(evil));

        assertThat(TracePage.one(trace) + TracePage.list(List.of(trace), 1))
                .doesNotContain("<script>", "<img>", "<b>", "<i>", "<u>", "<t>")
                .contains("&lt;script&gt;alert(&#39;1&#39;)");
    }

    @Test
    void dropsWholeTracesOldestFirst() {
        TraceStore store = new TraceStore(5);
        store.add(List.of(span("a", "1", "", 0, 1, "o1"), span("a", "2", "1", 0, 1), span("a", "3", "1", 0, 1)));
        store.add(List.of(span("b", "1", "", 0, 1, "o2"), span("b", "2", "1", 0, 1)));

        store.add(List.of(span("c", "1", "", 0, 1, "o1")));

        assertThat(store.find("a")).isEmpty();
        assertThat(store.ofOrder("o2")).extracting(Trace::id).containsExactly("b");
        assertThat(store.ofOrder("o1")).extracting(Trace::id).containsExactly("c");
        assertThat(store.newest(9)).extracting(Trace::id).containsExactly("c", "b");
        assertThat(store.spans()).isEqualTo(3);
    }
}
