package caravan.saga.audit;

import caravan.audit.Told;
import java.net.URI;
import java.util.Locale;

/** Whoever holds something of an order, and what it tells of it. */
enum Participant {
    ORDER(Told.OfOrder[].class),
    INVENTORY(Told.OfStock[].class),
    PAYMENT(Told.OfPayment[].class),
    SHIPMENT(Told.OfParcel[].class),
    NOTIFICATION(Told.OfMails[].class);

    private static final String PATH = "/internal/audit";

    private final Class<? extends Told[]> answer;

    Participant(Class<? extends Told[]> answer) {
        this.answer = answer;
    }

    Class<? extends Told[]> answer() {
        return answer;
    }

    String url(SagaAuditConfig config) {
        URI service = switch (this) {
            case ORDER -> config.ordersUrl();
            case INVENTORY -> config.inventoryUrl();
            case PAYMENT -> config.paymentsUrl();
            case SHIPMENT -> config.shipmentsUrl();
            case NOTIFICATION -> config.notificationsUrl();
        };
        return service.resolve(PATH).toString();
    }

    String service() {
        return name().toLowerCase(Locale.ROOT) + "-service";
    }
}
