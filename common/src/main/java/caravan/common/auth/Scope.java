package caravan.common.auth;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a token allows (RFC 6749, section 3.3). */
public enum Scope {
    ORDERS_READ("orders:read"),
    ORDERS_WRITE("orders:write"),
    CATALOG_WRITE("catalog:write"),
    OPS("ops");

    private final String text;

    Scope(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    public static Optional<Scope> parse(String text) {
        return Arrays.stream(values()).filter(scope -> scope.text.equals(text)).findFirst();
    }

    /** The scopes in a list with spaces between them; what is not known is left out. */
    public static Set<Scope> parseList(@Nullable String list) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        if (list != null) {
            Arrays.stream(list.split(" ", -1)).forEach(text -> parse(text).ifPresent(scopes::add));
        }
        return scopes;
    }

    /** The same, written; in the order of the constants. */
    public static String list(Collection<Scope> scopes) {
        return scopes.stream().sorted().map(Scope::text).collect(Collectors.joining(" "));
    }
}
