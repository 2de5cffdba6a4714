package caravan.gateway.session.family;

import caravan.common.auth.Scope;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One login.
 *
 * @param id also the {@code sid} of its access tokens
 * @param sequence of the newest refresh token; 0 for the one that the login gave
 * @param seen whether the newest generation is known to have arrived: one of its access tokens was used
 */
public record Family(
        UUID id,
        UUID account,
        Set<Scope> scopes,
        int sequence,
        Instant rotatedAt,
        boolean seen,
        Instant idleExpiresAt,
        Instant absoluteExpiresAt,
        @Nullable Instant revokedAt) {

    public Family {
        scopes = Set.copyOf(scopes);
    }

    boolean lives(Instant now) {
        return revokedAt == null && now.isBefore(idleExpiresAt) && now.isBefore(absoluteExpiresAt);
    }
}
