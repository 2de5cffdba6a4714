package caravan.order;

import caravan.common.contract.Customer;
import java.util.UUID;

/** Who asks: owns the orders it places, and sees no others. */
record Caller(UUID id, String name, String email) {

    Customer customer() {
        return new Customer(id, name, email);
    }
}
