package caravan.common.contract;

/** A line of an order at the price of the moment it was accepted. */
public record PricedLine(String sku, String name, int quantity, Money unitPrice) {

    public Line line() {
        return new Line(sku, quantity);
    }
}
