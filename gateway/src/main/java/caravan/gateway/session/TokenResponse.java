package caravan.gateway.session;

import caravan.common.auth.Scope;
import caravan.gateway.session.key.Keys;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** RFC 6749, section 5.1. */
record TokenResponse(
        @JsonProperty("access_token") String accessToken,
        @JsonProperty("token_type") String tokenType,
        @JsonProperty("expires_in") long expiresIn,
        @JsonProperty("refresh_token") @Nullable String refreshToken,
        String scope) {

    static TokenResponse of(String accessToken, @Nullable String refreshToken, Set<Scope> scopes) {
        return new TokenResponse(accessToken, "Bearer", Keys.TOKEN_LIFE.toSeconds(), refreshToken, Scope.list(scopes));
    }

    @Override
    public String toString() {
        return "TokenResponse[" + scope + "]";
    }
}
