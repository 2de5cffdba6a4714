package caravan.common.auth;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * A verified access token (RFC 9068).
 *
 * @param subject the account, or the API client itself when nobody stands behind it: who owns what is made with it
 * @param clientId through which client it was got; for an API client the same as the subject
 * @param id {@code jti}
 * @param session {@code sid}: what ends as a whole when it is revoked
 * @param name how the subject is called
 * @param email where mails to it go
 * @param generation {@code gen}: which rotation of its session it came with; 0 for the login itself
 */
public record AccessToken(
        UUID subject,
        String clientId,
        String id,
        UUID session,
        Set<Scope> scopes,
        String name,
        String email,
        int generation,
        Instant issuedAt,
        Instant expiresAt) {

    public AccessToken {
        scopes = Set.copyOf(scopes);
    }

    /** {@code typ} of its header. */
    public static final String TYPE = "at+jwt";

    /** Claims besides the registered ones. */
    public static final String CLIENT_ID = "client_id";

    public static final String SCOPE = "scope";
    public static final String SESSION = "sid";
    public static final String GENERATION = "gen";
    public static final String NAME = "name";
    public static final String EMAIL = "email";

    public boolean allows(Scope scope) {
        return scopes.contains(scope);
    }

    /** Whether an API client asks for itself, and no person. */
    public boolean isClient() {
        return clientId.equals(subject.toString());
    }
}
