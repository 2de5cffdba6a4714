package caravan.order;

import caravan.common.contract.Address;
import caravan.common.contract.Line;
import java.util.List;

/** What a customer asks for, checked but not priced. */
record OrderRequest(List<Line> items, Address shippingAddress, String cardToken) {

    OrderRequest {
        items = List.copyOf(items);
    }
}
