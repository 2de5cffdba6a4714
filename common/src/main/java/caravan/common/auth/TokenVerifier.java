package caravan.common.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.auth.principal.DefaultJWTTokenParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.ParseException;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jspecify.annotations.Nullable;

/**
 * Verifies access tokens: RS256 and nothing else, {@code typ} {@value AccessToken#TYPE}, our issuer, our audience, 30 s of
 * leeway. A key is known by its {@code kid} alone; what a token says of where its key may be had ({@code jku}, {@code x5u},
 * {@code jwk}) is not read (RFC 8725).
 *
 * <p>A verified token is remembered for at most 30 s under its SHA-256, so that a busy caller costs one signature check in
 * that time. Whether its session still lives is another question, for whoever keeps the deny-list. Any thread.
 */
public final class TokenVerifier {

    /** How far clocks may be apart. */
    public static final Duration LEEWAY = Duration.ofSeconds(30);

    /** Longer than any token we issue; what is longer is not worth a hash. */
    private static final int LONGEST = 4096;

    private static final int REMEMBERED = 10_000;
    private static final Duration REMEMBERED_FOR = Duration.ofSeconds(30);
    private static final Pattern SAFE_KID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KeySource keys;
    private final InstantSource clock;
    private final JWTAuthContextInfo rules;
    private final Cache<ByteBuffer, AccessToken> verified = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterWrite(REMEMBERED_FOR)
            .build();

    public TokenVerifier(KeySource keys, String issuer, String audience, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
        this.rules = new JWTAuthContextInfo();
        rules.setIssuedBy(issuer);
        rules.setExpectedAudience(Set.of(audience));
        rules.setSignatureAlgorithm(Set.of(SignatureAlgorithm.RS256));
        rules.setClockSkew((int) LEEWAY.toSeconds());
        rules.setRequireNamedPrincipal(false);
    }

    /** Fails with {@link TokenException} for a token that is not to be trusted, with anything else when no key can be had. */
    public Future<AccessToken> verify(String token) {
        if (token.length() > LONGEST) {
            return Future.failedFuture(new TokenException("the token is too long"));
        }
        ByteBuffer hash = ByteBuffer.wrap(sha256(token));
        AccessToken known = verified.getIfPresent(hash);
        if (known != null) {
            return expired(known)
                    ? Future.failedFuture(new TokenException("the token has expired"))
                    : Future.succeededFuture(known);
        }
        return keyId(token)
                .map(kid -> keys.find(kid).map(key -> check(token, hash, key.orElse(null))))
                .orElseGet(() -> Future.failedFuture(new TokenException("this is no access token")));
    }

    private AccessToken check(String token, ByteBuffer hash, @Nullable PublicKey key) {
        if (key == null) {
            throw new TokenException("the token is signed with an unknown key");
        }
        AccessToken checked = read(token, key);
        verified.put(hash, checked);
        return checked;
    }

    private AccessToken read(String token, PublicKey key) {
        JWTAuthContextInfo withKey = new JWTAuthContextInfo(rules);
        withKey.setPublicVerificationKey(key);
        try {
            return accessToken(new DefaultJWTTokenParser().parse(token, withKey).getJwtClaims());
        } catch (ParseException | MalformedClaimException | IllegalArgumentException | NullPointerException _) {
            throw new TokenException("the token is not valid, or not any more");
        }
    }

    private static AccessToken accessToken(JwtClaims claims) throws MalformedClaimException {
        Long generation = claims.getClaimValue(AccessToken.GENERATION, Long.class);
        return new AccessToken(
                UUID.fromString(claims.getSubject()),
                Objects.requireNonNull(claims.getStringClaimValue(AccessToken.CLIENT_ID)),
                Objects.requireNonNull(claims.getJwtId()),
                UUID.fromString(claims.getStringClaimValue(AccessToken.SESSION)),
                Scope.parseList(claims.getStringClaimValue(AccessToken.SCOPE)),
                Objects.requireNonNull(claims.getStringClaimValue(AccessToken.NAME)),
                Objects.requireNonNull(claims.getStringClaimValue(AccessToken.EMAIL)),
                generation == null ? 0 : generation.intValue(),
                Instant.ofEpochSecond(claims.getIssuedAt().getValue()),
                Instant.ofEpochSecond(claims.getExpirationTime().getValue()));
    }

    /** The {@code kid} of a header that is one of ours. */
    private static Optional<String> keyId(String token) {
        int end = token.indexOf('.');
        if (end < 0) {
            return Optional.empty();
        }
        try {
            JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(token.substring(0, end)));
            String kid = header.path("kid").asText();
            boolean ours = header.path("typ").asText().equalsIgnoreCase(AccessToken.TYPE)
                    && header.path("alg").asText().equals("RS256")
                    && SAFE_KID.matcher(kid).matches();
            return ours ? Optional.of(kid) : Optional.empty();
        } catch (IllegalArgumentException | IOException _) {
            return Optional.empty();
        }
    }

    private boolean expired(AccessToken token) {
        return clock.instant().isAfter(token.expiresAt().plus(LEEWAY));
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
