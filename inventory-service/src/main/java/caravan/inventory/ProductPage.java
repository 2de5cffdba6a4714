package caravan.inventory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Some products in the order of their sku, and where the next page begins, if there is one. */
record ProductPage(List<ProductView> items, @Nullable String nextCursor) {

    /** @param found one more than {@code limit}, when there is a next page */
    static ProductPage of(List<ProductView> found, int limit) {
        if (found.size() <= limit) {
            return new ProductPage(found, null);
        }
        List<ProductView> items = List.copyOf(found.subList(0, limit));
        return new ProductPage(items, cursorAfter(items.getLast().sku()));
    }

    private static String cursorAfter(String sku) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sku.getBytes(StandardCharsets.UTF_8));
    }

    /** The sku after which the page begins; empty when the text is no cursor of ours. */
    static Optional<String> skuBefore(String cursor) {
        try {
            return Optional.of(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8))
                    .filter(sku -> ProductBody.SKU.matcher(sku).matches());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    String etag() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            items.forEach(item -> sha.update((item.sku() + item.etag()).getBytes(StandardCharsets.UTF_8)));
            sha.update(String.valueOf(nextCursor).getBytes(StandardCharsets.UTF_8));
            return "\"" + HexFormat.of().formatHex(sha.digest(), 0, 16) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    Optional<Instant> changedAt() {
        return items.stream().map(ProductView::changedAt).max(Comparator.naturalOrder());
    }
}
