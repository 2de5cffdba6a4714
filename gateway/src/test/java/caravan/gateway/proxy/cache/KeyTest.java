package caravan.gateway.proxy.cache;

import static caravan.gateway.proxy.cache.Said.headers;
import static org.assertj.core.api.Assertions.assertThat;

import caravan.gateway.proxy.Caching;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyTest {

    private static final String LIST = "/api/v1/products";
    private static final String TOP = LIST + "/top";
    private static final String TEA = LIST + "/TEA";
    private static final Caching PAGES = new Caching.Many(List.of("q", "limit", "cursor"));

    private final Editions editions = new Editions();

    @Test
    void isTheSameForAllSpellings() {
        Key key = Key.of(LIST, headers("limit", "5", "q", "green tea"), PAGES, editions);

        assertThat(key.uri()).isEqualTo("/api/v1/products?q=green+tea&limit=5");
        assertThat(Key.of(LIST, headers("q", "green tea", "utm", "x", "limit", "5"), PAGES, editions))
                .isEqualTo(key);
        assertThat(Key.of(LIST, headers("q", "green tea", "q", "coffee", "limit", "5"), PAGES, editions))
                .isEqualTo(key);
        assertThat(Key.of(LIST, headers("q", "green", "limit", "5"), PAGES, editions))
                .isNotEqualTo(key);
    }

    @Test
    void letsNothingOutOfAParameter() {
        Key key = Key.of(LIST, headers("q", "a&limit=1\r\nX: y#z"), PAGES, editions);

        assertThat(key.uri()).isEqualTo("/api/v1/products?q=a%26limit%3D1%0D%0AX%3A+y%23z");
        assertThat(Key.of(TEA, headers("q", "x"), new Caching.One(), editions).uri())
                .isEqualTo(TEA);
    }

    @Test
    void isAnotherAfterAnEdit() {
        List<Key> before = keys();

        editions.edited(TEA + "/stock", List.of(LIST, TOP));

        List<Key> after = keys();
        for (int i = 0; i < 3; i++) {
            assertThat(after.get(i)).isNotEqualTo(before.get(i));
        }
        assertThat(after.get(3)).isEqualTo(before.get(3));
    }

    private List<Key> keys() {
        return List.of(
                Key.of(LIST, headers("q", "x"), PAGES, editions),
                Key.of(TOP, headers(), PAGES, editions),
                Key.of(TEA, headers(), new Caching.One(), editions),
                Key.of(LIST + "/COFFEE", headers(), new Caching.One(), editions));
    }
}
