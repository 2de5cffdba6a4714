package caravan.gateway.proxy;

import io.vertx.core.http.HttpMethod;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request: a walk along the path's segments, without a regular expression and without an allocation.
 * A literal wins over a parameter. HEAD is served where GET is. Any thread.
 */
@Singleton
public class RouteTable {

    private static final Match NOWHERE = new Match.Nowhere();

    /** {@code segment} is empty where anything may stand. */
    private static final class Node {
        final String segment;
        final List<Node> literals = new ArrayList<>();
        final Map<HttpMethod, Match> methods = new HashMap<>();

        @Nullable
        Node parameter;

        Match otherwise = NOWHERE;

        Node(String segment) {
            this.segment = segment;
        }

        Node child(String wanted) {
            if (wanted.startsWith("{")) {
                parameter = parameter == null ? new Node("") : parameter;
                return parameter;
            }
            return literals.stream()
                    .filter(node -> node.segment.equals(wanted))
                    .findFirst()
                    .orElseGet(() -> {
                        Node node = new Node(wanted);
                        literals.add(node);
                        return node;
                    });
        }
    }

    private final Node root = new Node("");
    private final List<Route> routes;

    @Inject
    RouteTable(ProxyConfig config) {
        this(Routes.all(config.deadline()));
    }

    RouteTable(List<Route> routes) {
        this.routes = List.copyOf(routes);
        routes.forEach(this::add);
    }

    public List<Route> routes() {
        return routes;
    }

    /**
     * The route of a request, or why it has none.
     *
     * @param path normalized: no dot segments, escapes only where they are needed
     */
    public Match match(HttpMethod method, String path) {
        Node end = path.startsWith("/") ? find(root, path, 1) : null;
        if (end == null) {
            return NOWHERE;
        }
        Match found = end.methods.get(method);
        return found == null ? end.otherwise : found;
    }

    private static @Nullable Node find(Node from, String path, int start) {
        int slash = path.indexOf('/', start);
        int end = slash < 0 ? path.length() : slash;
        for (Node node : from.literals) {
            if (node.segment.length() == end - start && path.startsWith(node.segment, start)) {
                Node found = descend(node, path, slash);
                if (found != null) {
                    return found;
                }
            }
        }
        return from.parameter == null || end == start ? null : descend(from.parameter, path, slash);
    }

    private static @Nullable Node descend(Node node, String path, int slash) {
        if (slash >= 0) {
            return find(node, path, slash + 1);
        }
        return node.methods.isEmpty() ? null : node;
    }

    private void add(Route route) {
        Node node = root;
        for (String segment : route.template().substring(1).split("/", -1)) {
            node = node.child(segment);
        }
        Match found = new Match.Found(route);
        if (node.methods.putIfAbsent(route.method(), found) != null) {
            throw new IllegalStateException("two routes for " + route);
        }
        if (route.method().equals(HttpMethod.GET)) {
            node.methods.put(HttpMethod.HEAD, found);
        }
        node.otherwise = new Match.WrongMethod(allow(node));
    }

    private static String allow(Node node) {
        TreeSet<String> names = new TreeSet<>();
        node.methods.keySet().forEach(method -> names.add(method.name()));
        names.add(HttpMethod.OPTIONS.name());
        return String.join(", ", names);
    }
}
