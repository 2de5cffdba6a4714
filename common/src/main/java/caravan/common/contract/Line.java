package caravan.common.contract;

public record Line(String sku, int quantity) {}
