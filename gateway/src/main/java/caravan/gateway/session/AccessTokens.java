package caravan.gateway.session;

import caravan.common.auth.AccessToken;
import caravan.common.auth.AuthConfig;
import caravan.common.auth.Scope;
import caravan.gateway.session.key.Keys;
import caravan.gateway.session.key.SigningKey;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;

/** Signs access tokens: RS256, RFC 9068. */
@Singleton
class AccessTokens {

    private final Keys keys;
    private final AuthConfig config;
    private final InstantSource clock;

    AccessTokens(Keys keys, AuthConfig config, InstantSource clock) {
        this.keys = keys;
        this.config = config;
        this.clock = clock;
    }

    String sign(Grant grant) {
        SigningKey key = keys.current();
        Instant now = clock.instant();
        return Jwt.issuer(config.issuer())
                .audience(config.audience())
                .subject(grant.subject().toString())
                .issuedAt(now.getEpochSecond())
                .expiresAt(now.plus(Keys.TOKEN_LIFE).getEpochSecond())
                .claim("jti", UUID.randomUUID().toString())
                .claim(AccessToken.CLIENT_ID, grant.clientId())
                .claim(AccessToken.SCOPE, Scope.list(grant.scopes()))
                .claim(AccessToken.SESSION, grant.session().toString())
                .claim(AccessToken.GENERATION, grant.generation())
                .claim(AccessToken.NAME, grant.name())
                .claim(AccessToken.EMAIL, grant.email())
                .jws()
                .algorithm(SignatureAlgorithm.RS256)
                .keyId(key.kid())
                .type(AccessToken.TYPE)
                .sign(key.privateKey());
    }
}
