package caravan.gateway.proxy.pages;

import caravan.common.http.ProblemType;
import caravan.common.messaging.Json;
import caravan.gateway.proxy.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where the {@code type} of a problem leads to: a page for people, JSON for programs. */
@Singleton
class ProblemPages {

    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

    private static final String PAGE = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>%s</title>
            <style>body{font:1rem/1.5 sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem}</style></head>
            <body>%s</body></html>
            """;

    /** A problem as the catalogue lists it. */
    record Entry(String type, String code, String title, int status, boolean retryable, String meaning, String advice) {

        static Entry of(ProblemType type) {
            Advice advice = Advice.of(type);
            return new Entry(
                    "/problems/" + type.slug(),
                    type.slug(),
                    type.title(),
                    type.status(),
                    type.retryable(),
                    advice.meaning(),
                    advice.todo());
        }
    }

    record Catalogue(List<Entry> items) {}

    static final List<Entry> ALL =
            Arrays.stream(ProblemType.values()).map(Entry::of).toList();

    void register(@Observes Router router) {
        router.get("/problems").order(Pages.ORDER).handler(ProblemPages::list);
        router.get("/problems/:slug").order(Pages.ORDER).handler(ProblemPages::show);
    }

    private static void list(RoutingContext context) {
        String rows = ALL.stream()
                .map(entry -> "<li><a href=\"%s\">%s</a>: %s</li>".formatted(entry.type(), entry.code(), entry.title()))
                .collect(Collectors.joining("\n", "<h1>Problems</h1>\n<ul>\n", "\n</ul>"));
        answer(context, PAGE.formatted("Problems", rows), new Catalogue(ALL));
    }

    private static void show(RoutingContext context) {
        find(context.pathParam("slug"))
                .ifPresentOrElse(
                        entry -> answer(context, html(entry), entry),
                        () -> Refusal.send(context, ProblemType.NOT_FOUND, "there is no such problem"));
    }

    private static Optional<Entry> find(@Nullable String slug) {
        return ALL.stream().filter(entry -> entry.code().equals(slug)).findFirst();
    }

    private static String html(Entry entry) {
        String body = """
                <h1>%s</h1><p><code>%s</code>, HTTP status %d</p>
                <h2>Meaning</h2><p>%s</p>
                <h2>Trying again</h2><p>%s</p>
                <h2>What to do</h2><p>%s</p>
                <p><a href="/problems">All problems</a></p>""".formatted(
                        entry.title(),
                        entry.code(),
                        entry.status(),
                        entry.meaning(),
                        entry.retryable() ? "The same request may succeed later." : "The same request will fail again.",
                        entry.advice());
        return PAGE.formatted(entry.title(), body);
    }

    private static void answer(RoutingContext context, String html, Object json) {
        String accept = context.request().getHeader(HttpHeaders.ACCEPT);
        context.response().headers().add(HttpHeaders.VARY, HttpHeaders.ACCEPT);
        if (accept != null && accept.contains("text/html")) {
            Pages.send(context, "text/html;charset=utf-8", POLICY, Buffer.buffer(html));
        } else {
            Pages.send(context, "application/json", Pages.NO_CONTENT_POLICY, Buffer.buffer(Json.bytes(json)));
        }
    }
}
