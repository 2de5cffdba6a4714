package caravan.gateway.proxy;

import io.vertx.core.http.HttpMethod;

/** What a service gets to see of a request, its headers aside. */
record Outbound(HttpMethod method, String uri, Upload upload) {}
