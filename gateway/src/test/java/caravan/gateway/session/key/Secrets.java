package caravan.gateway.session.key;

import java.util.Optional;

/** Master secrets for tests of other packages. */
public final class Secrets {

    private Secrets() {}

    public static MasterSecret of(String secret) {
        return new MasterSecret(() -> Optional.of(secret));
    }
}
