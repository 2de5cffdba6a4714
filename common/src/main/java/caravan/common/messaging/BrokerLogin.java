package caravan.common.messaging;

import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * As whom this process comes to the brokers, and over what: those of the settings {@code kafka.*} that no client may lack. The frame gives them to the
 * consumers of channels; the clients that we make ourselves begin with these. Without such settings there is no login, and no TLS.
 */
@Singleton
public class BrokerLogin {

    /** For brokers that let everybody in. */
    static final BrokerLogin NONE = new BrokerLogin(Map.of());

    /** What else stands under {@code kafka.*} is of the channels: a group's name, say, which an admin has no use for. */
    private static final List<String> KINDS = List.of("security.", "sasl.", "ssl.");

    private final Map<String, Object> settings = new HashMap<>();

    @Inject
    BrokerLogin(@Identifier("default-kafka-broker") Map<String, Object> settings) {
        settings.forEach((name, value) -> {
            if (KINDS.stream().anyMatch(name::startsWith)) {
                this.settings.put(name, value);
            }
        });
    }

    /** A client's own settings, and those that get it in. */
    public Map<String, Object> with(Map<String, Object> own) {
        Map<String, Object> all = new HashMap<>(settings);
        all.putAll(own);
        return all;
    }
}
