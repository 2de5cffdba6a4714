package caravan.gateway.session;

import caravan.common.auth.TokenException;
import caravan.gateway.session.family.Families;
import caravan.gateway.session.family.RefreshToken;
import caravan.gateway.session.family.RefreshTokens;
import caravan.gateway.session.family.RevokeReason;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Ends sessions before their time. Any token of a session will do, also a refresh token that has been replaced: who has one
 * may at least give it up.
 */
@Singleton
class Endings {

    private final Sessions sessions;
    private final Families families;
    private final RefreshTokens refreshTokens;

    Endings(Sessions sessions, Families families, RefreshTokens refreshTokens) {
        this.sessions = sessions;
        this.families = families;
        this.refreshTokens = refreshTokens;
    }

    /** Does nothing for a text that is no token of ours, or not any more. */
    Uni<Void> revoke(String token) {
        Optional<RefreshToken> refresh = refreshTokens.read(token);
        return refresh.isPresent()
                ? families.end(refresh.get().family(), RevokeReason.REVOKED)
                : revokeAccessToken(token);
    }

    private Uni<Void> revokeAccessToken(String token) {
        return Uni.createFrom()
                .completionStage(() -> sessions.authenticate(token).toCompletionStage())
                .chain(good -> families.end(good.session(), RevokeReason.REVOKED))
                .onFailure(TokenException.class)
                .recoverWithNull();
    }

    Uni<Void> logout(String refreshToken) {
        return refreshTokens
                .read(refreshToken)
                .map(token -> families.end(token.family(), RevokeReason.LOGOUT))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }
}
