package caravan.gateway.proxy.cache;

import caravan.gateway.proxy.Caching;
import io.vertx.core.MultiMap;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What is asked for, and so what is asked of the service: nothing that is not in here gets there.
 *
 * @param query the parameters that mean something, in a fixed order
 * @param edition of the path: after an edit nobody finds what was said before
 */
record Key(String path, String query, long edition, Coding coding) {

    static Key of(String path, MultiMap parameters, Caching caching, Editions editions) {
        List<String> known = switch (caching) {
            case Caching.Many many -> many.parameters();
            case Caching.One _, Caching.Edits _, Caching.None _ -> List.of();
        };
        return new Key(path, query(parameters, known), editions.of(path), Coding.ANY);
    }

    /** Of a parameter that is there twice the first counts, as it does for the service. */
    private static String query(MultiMap parameters, List<String> known) {
        StringBuilder query = new StringBuilder();
        for (String name : known) {
            String value = parameters.get(name);
            if (value != null) {
                query.append(query.isEmpty() ? "" : "&")
                        .append(name)
                        .append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        }
        return query.toString();
    }

    Key in(Coding other) {
        return coding == other ? this : new Key(path, query, edition, other);
    }

    String uri() {
        return query.isEmpty() ? path : path + "?" + query;
    }

    int bytes() {
        return path.length() + query.length();
    }
}
