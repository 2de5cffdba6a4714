package caravan.inventory;

import caravan.common.contract.Money;
import caravan.common.http.Problem.FieldError;
import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What somebody sent as a product; anything may be missing or wrong. */
record ProductBody(
        @Nullable String name,
        @Nullable String description,
        @Nullable Price price,
        @Nullable List<@Nullable String> tags) {

    /** Upper case words joined by hyphens. */
    static final Pattern SKU = Pattern.compile("[A-Z0-9](?:[A-Z0-9-]{0,62}[A-Z0-9])?");

    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_DESCRIPTION = 2_000;
    private static final int LONGEST_TAG = 40;
    private static final int MOST_TAGS = 20;
    private static final long HIGHEST_PRICE_MINOR = 100_000_000;

    /** Orders add prices up: one currency for all products. */
    private static final String CURRENCY = "EUR";

    record Price(@Nullable Long amountMinor, @Nullable String currency) {}

    /** Throws a problem that names every field that is wrong. */
    ProductEdit check() {
        List<FieldError> errors = new ArrayList<>();
        text(errors, "/name", name, 1, LONGEST_NAME);
        if (description != null) {
            text(errors, "/description", description, 0, LONGEST_DESCRIPTION);
        }
        price(errors);
        tags(errors);
        if (!errors.isEmpty()) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "this is no product", errors);
        }
        return new ProductEdit(
                Objects.requireNonNull(name),
                Objects.requireNonNullElse(description, ""),
                money(Objects.requireNonNull(price)),
                tags == null ? List.of() : List.copyOf(tags));
    }

    private static Money money(Price price) {
        return new Money(Objects.requireNonNull(price.amountMinor()), Objects.requireNonNull(price.currency()));
    }

    private void price(List<FieldError> errors) {
        if (price == null) {
            errors.add(new FieldError("/price", "is required"));
            return;
        }
        Long minor = price.amountMinor();
        if (minor == null || minor < 0 || minor > HIGHEST_PRICE_MINOR) {
            errors.add(new FieldError("/price/amountMinor", "must be 0 to " + HIGHEST_PRICE_MINOR));
        }
        if (!CURRENCY.equals(price.currency())) {
            errors.add(new FieldError("/price/currency", "must be " + CURRENCY));
        }
    }

    private void tags(List<FieldError> errors) {
        if (tags == null) {
            return;
        }
        if (tags.size() > MOST_TAGS) {
            errors.add(new FieldError("/tags", "at most " + MOST_TAGS));
            return;
        }
        for (int i = 0; i < tags.size(); i++) {
            text(errors, "/tags/" + i, tags.get(i), 1, LONGEST_TAG);
        }
    }

    /** No database stores a NUL character. */
    private static void text(List<FieldError> errors, String pointer, @Nullable String text, int least, int most) {
        boolean fits =
                text != null && text.strip().length() >= least && text.length() <= most && text.indexOf('\0') < 0;
        if (!fits) {
            errors.add(new FieldError(pointer, "must be text of %d to %d characters".formatted(least, most)));
        }
    }
}
