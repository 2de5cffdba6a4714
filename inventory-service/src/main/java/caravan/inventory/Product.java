package caravan.inventory;

import caravan.common.contract.Money;
import caravan.common.contract.ProductChanged;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;

/**
 * What the catalogue says of a product; loaded and edited one at a time, under a row lock. The version starts at 1 and
 * grows by one with each edit. How many there are is stock's business, and moves without the product.
 */
@Entity
@Table(name = "products")
class Product {

    @Id
    private String sku;

    private String name;
    private String description;

    @Column(name = "price_minor")
    private long priceMinor;

    private String currency;
    private List<String> tags;
    private long version;

    @Column(name = "updated_at")
    private Instant updatedAt;

    @SuppressWarnings("NullAway.Init")
    protected Product() {}

    Product(String sku, ProductEdit edit, Instant now) {
        this.sku = sku;
        this.name = edit.name();
        this.description = edit.description();
        this.priceMinor = edit.price().amountMinor();
        this.currency = edit.price().currency();
        this.tags = edit.tags();
        this.version = 1;
        this.updatedAt = now;
    }

    void replace(ProductEdit edit, Instant now) {
        name = edit.name();
        description = edit.description();
        priceMinor = edit.price().amountMinor();
        currency = edit.price().currency();
        tags = edit.tags();
        version++;
        updatedAt = now;
    }

    long version() {
        return version;
    }

    ProductChanged changed() {
        return new ProductChanged(sku, name, description, new Money(priceMinor, currency), List.copyOf(tags), version);
    }

    ProductView view(int onHand) {
        return new ProductView(
                sku, name, description, new Money(priceMinor, currency), List.copyOf(tags), onHand, version, updatedAt);
    }
}
