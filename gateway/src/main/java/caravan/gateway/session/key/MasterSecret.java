package caravan.gateway.session.key;

import io.quarkus.runtime.configuration.ConfigUtils;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.jboss.logging.Logger;

/** The one secret that gateways share, and what is derived from it (HKDF, RFC 5869): a key per purpose. */
@Singleton
public class MasterSecret {

    private static final Logger LOG = Logger.getLogger(MasterSecret.class);

    private static final int SHORTEST = 32;
    private static final String FOR_DEVELOPERS = "nobody-keeps-this-secret-it-is-for-developers-only";
    private static final byte[] SALT = "caravan-gateway".getBytes(StandardCharsets.US_ASCII);

    private final byte[] secret;

    MasterSecret(SecretConfig config) {
        this.secret = checked(config.secret(), ConfigUtils.isProfileActive("prod"));
    }

    /** A key for one purpose; different purposes give unrelated keys. */
    public byte[] derive(String purpose, int bytes) {
        try {
            HKDFParameterSpec parameters = HKDFParameterSpec.ofExtract()
                    .addIKM(secret)
                    .addSalt(SALT)
                    .thenExpand(purpose.getBytes(StandardCharsets.US_ASCII), bytes);
            return KDF.getInstance("HKDF-SHA256").deriveData(parameters);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("JDK 25 has HKDF", e);
        }
    }

    static byte[] checked(Optional<String> configured, boolean production) {
        if (configured.isEmpty() && production) {
            throw new IllegalStateException("caravan.gateway.secret is required: random, at least " + SHORTEST
                    + " bytes, the same for all gateways");
        }
        if (configured.isEmpty()) {
            LOG.warn("caravan.gateway.secret is not set: tokens are made with a key that everybody knows");
        }
        byte[] bytes = configured.orElse(FOR_DEVELOPERS).getBytes(StandardCharsets.UTF_8);
        if (bytes.length < SHORTEST) {
            throw new IllegalStateException("caravan.gateway.secret is shorter than " + SHORTEST + " bytes");
        }
        return bytes;
    }
}
