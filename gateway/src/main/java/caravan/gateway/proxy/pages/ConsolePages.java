package caravan.gateway.proxy.pages;

import caravan.common.http.ProblemType;
import caravan.gateway.proxy.Refusal;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Map;

/**
 * The operators' page. It is for everybody to load and of no use without an operator's token: whatever it shows it asks of the API.
 * What it shows may be anybody's text, so the policy allows no script but these files, and no text that becomes markup.
 */
@Singleton
class ConsolePages {

    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                    + " object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static final String FOLDER = "console/";
    private static final String PAGE = "console.html";
    private static final String HTML = "text/html;charset=utf-8";
    private static final String JAVASCRIPT = "text/javascript;charset=utf-8";

    static final Map<String, String> FILES = Map.ofEntries(
            Map.entry("console.css", "text/css;charset=utf-8"),
            Map.entry("icon.svg", "image/svg+xml"),
            Map.entry("main.js", JAVASCRIPT),
            Map.entry("session.js", JAVASCRIPT),
            Map.entry("live.js", JAVASCRIPT),
            Map.entry("dom.js", JAVASCRIPT),
            Map.entry("text.js", JAVASCRIPT),
            Map.entry("plot.js", JAVASCRIPT),
            Map.entry("login.js", JAVASCRIPT),
            Map.entry("overview.js", JAVASCRIPT),
            Map.entry("sagas.js", JAVASCRIPT),
            Map.entry("saga.js", JAVASCRIPT),
            Map.entry("letters.js", JAVASCRIPT),
            Map.entry("letter.js", JAVASCRIPT),
            Map.entry("ask.js", JAVASCRIPT));

    private final Vertx vertx;
    private final ConsoleConfig config;
    private final Resources resources = new Resources();

    ConsolePages(Vertx vertx, ConsoleConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /** An address that a browser would run is not one of a trace. */
    void check(@Observes StartupEvent event) {
        config.traceUrl().ifPresent(template -> {
            String scheme = URI.create(template.replace("{traceId}", "0")).getScheme();
            if (!"http".equals(scheme) && !"https".equals(scheme)) {
                throw new IllegalStateException("caravan.console.trace-url must begin with http:// or https://");
            }
        });
    }

    void register(@Observes Router router) {
        router.get("/console").order(Pages.ORDER).handler(context -> file(context, PAGE, HTML));
        router.get("/console/settings.json").order(Pages.ORDER).handler(this::settings);
        router.get("/console/:file").order(Pages.ORDER + 1).handler(this::file);
    }

    private void settings(RoutingContext context) {
        JsonObject settings = new JsonObject().put("traceUrl", config.traceUrl().orElse(null));
        Pages.send(context, "application/json", POLICY, settings.toBuffer());
    }

    private void file(RoutingContext context) {
        String name = String.valueOf(context.pathParam("file"));
        String type = FILES.get(name);
        if (type == null) {
            Refusal.send(context, ProblemType.NOT_FOUND, "there is no such file");
        } else {
            file(context, name, type);
        }
    }

    private void file(RoutingContext context, String name, String type) {
        vertx.<Buffer>executeBlocking(() -> resources.get(FOLDER + name))
                .onSuccess(body -> Pages.send(context, type, POLICY, body))
                .onFailure(context::fail);
    }
}
