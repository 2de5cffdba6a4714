package caravan.order;

import caravan.common.contract.Line;
import caravan.common.contract.Money;
import caravan.common.contract.PricedLine;
import caravan.common.http.Problem.FieldError;
import caravan.common.http.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/** Puts prices on a request: the customer names products, never prices. */
sealed interface Pricing {

    record Priced(List<PricedLine> lines, Money total) implements Pricing {}

    record Unpriced(ProblemType type, List<FieldError> errors) implements Pricing {}

    static Pricing of(List<Line> items, Map<String, Price> prices) {
        List<FieldError> unknown = errors(items, line -> !prices.containsKey(line.sku()), "there is no such product");
        if (!unknown.isEmpty()) {
            return new Unpriced(ProblemType.UNKNOWN_SKU, unknown);
        }
        List<PricedLine> lines =
                items.stream().map(line -> priced(line, price(line, prices))).toList();
        String currency = lines.getFirst().unitPrice().currency();
        List<FieldError> foreign = errors(
                items, line -> !price(line, prices).unit().currency().equals(currency), "is not sold in " + currency);
        return foreign.isEmpty() ? added(lines) : new Unpriced(ProblemType.INVALID_REQUEST, foreign);
    }

    /** What costs nothing nobody can pay for: no authorization is for nothing. */
    private static Pricing added(List<PricedLine> lines) {
        Money total = total(lines);
        return total.amountMinor() > 0
                ? new Priced(lines, total)
                : new Unpriced(ProblemType.INVALID_REQUEST, List.of(new FieldError("/items", "cost nothing together")));
    }

    private static Price price(Line line, Map<String, Price> prices) {
        return Objects.requireNonNull(prices.get(line.sku()));
    }

    private static PricedLine priced(Line line, Price price) {
        return new PricedLine(line.sku(), price.name(), line.quantity(), price.unit());
    }

    private static Money total(List<PricedLine> lines) {
        return lines.stream()
                .map(line -> line.unitPrice().times(line.quantity()))
                .reduce(Money::plus)
                .orElseThrow();
    }

    private static List<FieldError> errors(List<Line> items, Predicate<Line> isWrong, String message) {
        List<FieldError> errors = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            if (isWrong.test(items.get(i))) {
                errors.add(new FieldError("/items/" + i + "/sku", message));
            }
        }
        return errors;
    }
}
