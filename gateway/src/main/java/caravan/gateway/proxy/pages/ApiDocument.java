package caravan.gateway.proxy.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The OpenAPI document, which is kept by hand and compared with the route table by a test. */
@Singleton
class ApiDocument {

    static final String RESOURCE = "openapi.yaml";

    private static final String YAML = "application/yaml";
    private static final String JSON = "application/json";

    private final Vertx vertx;
    private final Resources resources = new Resources();

    ApiDocument(Vertx vertx) {
        this.vertx = vertx;
    }

    void register(@Observes Router router) {
        router.get("/openapi").order(Pages.ORDER).handler(this::show);
    }

    private void show(RoutingContext context) {
        boolean json = wantsJson(context);
        vertx.executeBlocking(() -> json ? resources.get("openapi.json", ApiDocument::json) : resources.get(RESOURCE))
                .onSuccess(body -> {
                    context.response().headers().add(HttpHeaders.VARY, HttpHeaders.ACCEPT);
                    Pages.send(context, json ? JSON : YAML, Pages.NO_CONTENT_POLICY, body);
                })
                .onFailure(context::fail);
    }

    private static boolean wantsJson(RoutingContext context) {
        String format = context.request().getParam("format");
        String accept = context.request().getHeader(HttpHeaders.ACCEPT);
        return format == null ? accept != null && accept.contains(JSON) : format.equals("json");
    }

    private static Buffer json() {
        try {
            JsonNode document =
                    new YAMLMapper().readTree(Resources.read(RESOURCE).getBytes());
            return Buffer.buffer(document.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
