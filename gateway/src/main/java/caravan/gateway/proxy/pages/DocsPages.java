package caravan.gateway.proxy.pages;

import caravan.common.http.ProblemType;
import caravan.gateway.proxy.Refusal;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;

/** Swagger UI over the OpenAPI document, from its web jar: nothing is fetched from elsewhere. */
@Singleton
class DocsPages {

    /** It styles its elements inline and draws its icons as data; everything else comes from here. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

    private static final String JAR = "META-INF/resources/webjars/swagger-ui/";
    private static final String JAR_VERSION = "META-INF/maven/org.webjars/swagger-ui/pom.properties";

    private static final Map<String, String> FILES = Map.of(
            "swagger-ui.css", "text/css",
            "swagger-ui-bundle.js", "text/javascript",
            "favicon-32x32.png", "image/png");

    private static final String PAGE = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Caravan API</title>
            <link rel="icon" href="/docs/favicon-32x32.png"><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
            <body><div id="swagger-ui"></div>
            <script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>
            """;

    private static final String START =
            "SwaggerUIBundle({url: '/openapi?format=json', dom_id: '#swagger-ui', deepLinking: true});\n";

    private final Vertx vertx;
    private final Resources resources = new Resources();

    DocsPages(Vertx vertx) {
        this.vertx = vertx;
    }

    void register(@Observes Router router) {
        router.get("/docs").order(Pages.ORDER).handler(context -> send(context, "text/html;charset=utf-8", PAGE));
        router.get("/docs/start.js").order(Pages.ORDER).handler(context -> send(context, "text/javascript", START));
        router.get("/docs/:file").order(Pages.ORDER + 1).handler(this::file);
    }

    private void file(RoutingContext context) {
        String name = String.valueOf(context.pathParam("file"));
        String type = FILES.get(name);
        if (type == null) {
            Refusal.send(context, ProblemType.NOT_FOUND, "there is no such file");
            return;
        }
        vertx.executeBlocking(() -> resources.get(JAR + version() + "/" + name))
                .onSuccess(body -> Pages.send(context, type, POLICY, body))
                .onFailure(context::fail);
    }

    private static void send(RoutingContext context, String type, String text) {
        Pages.send(context, type, POLICY, Buffer.buffer(text));
    }

    /** The folder's name, which the build decides. */
    private static String version() {
        Properties jar = new Properties();
        try {
            jar.load(new StringReader(Resources.read(JAR_VERSION).toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jar.getProperty("version");
    }
}
