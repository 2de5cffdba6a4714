package caravan.order;

import jakarta.inject.Singleton;
import java.util.UUID;

/** The one seam for identity: sessions come with the edge; until then everybody is the demo customer. */
@Singleton
class Callers {

    private static final Caller DEMO = new Caller(
            UUID.fromString("0197a000-0000-7000-8000-00000000d0e0"), "Demo Customer", "demo@caravan.example");

    Caller current() {
        return DEMO;
    }
}
