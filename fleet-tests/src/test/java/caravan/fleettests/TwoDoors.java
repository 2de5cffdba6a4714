package caravan.fleettests;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The fleet with a second gateway, which starts with the first test that wants it. */
final class TwoDoors {

    private static @Nullable String second;

    private TwoDoors() {}

    static URI first() {
        return TheFleet.gateway();
    }

    static synchronized URI second() {
        String name = second;
        if (name == null) {
            name = TheFleet.get().startReplica("gateway");
            second = name;
        }
        return URI.create(TheFleet.get().address(name));
    }
}
