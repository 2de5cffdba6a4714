package caravan.gateway.session.account;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

@ConfigMapping(prefix = "caravan.gateway.session.passwords")
interface PasswordConfig {

    /** Hashes at once. Each takes 19 MiB of a heap of 128 and a processor. */
    @WithDefault("2")
    int threads();

    /** Hashes that wait: about a second of work. Who comes later is better told to come again. */
    @WithDefault("16")
    int maxWaiting();
}
