package caravan.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SeedTest {

    private final List<Seed.Product> products = Seed.products(Seed.text()).toList();

    @Test
    void offersAtLeastFiftyProductsWithPlentyOfEach() {
        assertThat(products)
                .hasSizeGreaterThan(50)
                .extracting(Seed.Product::sku)
                .doesNotHaveDuplicates();
        assertThat(products)
                .filteredOn(product -> !product.sku().equals("SOLD-OUT"))
                .allSatisfy(product -> assertThat(product.pieces()).isBetween(500, 900));
    }

    @Test
    void offersOneProductThatIsSoldOut() {
        assertThat(products)
                .filteredOn(product -> product.pieces() == 0)
                .singleElement()
                .satisfies(product -> assertThat(product.sku()).isEqualTo("SOLD-OUT"));
    }

    @Test
    void holdsOnlyWhatTheCatalogueWouldAccept() {
        assertThat(products).allSatisfy(product -> {
            assertThat(product.sku()).matches(ProductBody.SKU);
            new ProductBody(
                            product.name(),
                            product.description(),
                            new ProductBody.Price(product.priceMinor(), product.currency()),
                            List.copyOf(product.tags()))
                    .check();
        });
    }
}
