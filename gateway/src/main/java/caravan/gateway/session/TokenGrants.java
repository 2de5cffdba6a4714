package caravan.gateway.session;

import caravan.common.auth.Scope;
import caravan.gateway.session.account.AccountStore;
import caravan.gateway.session.account.ApiClient;
import caravan.gateway.session.family.Families;
import caravan.gateway.session.family.RefreshTokens;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The token endpoint's grants (RFC 6749). Every no is an {@link OAuthException}. */
@Singleton
class TokenGrants {

    private final AccountStore accounts;
    private final Families families;
    private final AccessTokens accessTokens;
    private final RefreshTokens refreshTokens;
    private final InstantSource clock;

    TokenGrants(
            AccountStore accounts,
            Families families,
            AccessTokens accessTokens,
            RefreshTokens refreshTokens,
            InstantSource clock) {
        this.accounts = accounts;
        this.families = families;
        this.accessTokens = accessTokens;
        this.refreshTokens = refreshTokens;
        this.clock = clock;
    }

    Uni<TokenResponse> answer(Form form, @Nullable String authorization) {
        return switch (form.require("grant_type")) {
            case "refresh_token" -> refresh(form, authorization);
            case "client_credentials" -> clientCredentials(form, authorization);
            default ->
                throw new OAuthException(
                        OAuthError.UNSUPPORTED_GRANT_TYPE, "refresh_token and client_credentials are supported");
        };
    }

    /** Of the one public client, which has no secret: one that comes with a secret was not given the token. */
    private Uni<TokenResponse> refresh(Form form, @Nullable String authorization) {
        String token = form.require("refresh_token");
        boolean another = authorization != null
                || !form.get("client_id").orElse(Logins.PUBLIC_CLIENT).equals(Logins.PUBLIC_CLIENT);
        if (another) {
            throw new OAuthException(OAuthError.INVALID_GRANT, "the refresh token was given to another client");
        }
        // Nonsense is refused before anything advances. More than was granted shows later; the token can be used again
        // then.
        Optional<Set<Scope>> wanted = form.get("scope").map(TokenGrants::known);
        return Uni.createFrom()
                .item(refreshTokens.read(token).orElseThrow(TokenGrants::noGood))
                .chain(families::goOn)
                .map(member -> member.orElseThrow(TokenGrants::noGood))
                .map(member -> tokens(member, wanted));
    }

    private TokenResponse tokens(Families.Member member, Optional<Set<Scope>> wanted) {
        Set<Scope> scopes = narrowed(member.scopes(), wanted);
        Grant grant = new Grant(
                member.account(),
                Logins.PUBLIC_CLIENT,
                member.session(),
                member.sequence(),
                scopes,
                member.name(),
                member.email());
        return TokenResponse.of(
                accessTokens.sign(grant), refreshTokens.write(member.session(), member.sequence()), scopes);
    }

    private Uni<TokenResponse> clientCredentials(Form form, @Nullable String authorization) {
        BasicCredentials credentials = BasicCredentials.parse(authorization).orElseThrow(TokenGrants::unknownClient);
        UUID id = Ids.parse(credentials.id()).orElseThrow(TokenGrants::unknownClient);
        Optional<Set<Scope>> wanted = form.get("scope").map(TokenGrants::known);
        return accounts.client(id)
                .map(found -> found.filter(client -> client.hasSecret(credentials.secret()))
                        .orElseThrow(TokenGrants::unknownClient))
                .map(client -> tokens(client, wanted));
    }

    /** Each token is a session of its own. A client that wants a new one asks again, so it needs no refresh token. */
    private TokenResponse tokens(ApiClient client, Optional<Set<Scope>> wanted) {
        Set<Scope> scopes = narrowed(client.scopes(), wanted);
        String id = client.id().toString();
        UUID session = Ids.next(clock.instant());
        Grant grant = new Grant(client.id(), id, session, 0, scopes, client.name(), client.email());
        return TokenResponse.of(accessTokens.sign(grant), null, scopes);
    }

    private static Set<Scope> known(String list) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String text : list.split(" ", -1)) {
            scopes.add(Scope.parse(text)
                    .orElseThrow(() -> new OAuthException(OAuthError.INVALID_SCOPE, "there is no such scope")));
        }
        return scopes;
    }

    private static Set<Scope> narrowed(Set<Scope> granted, Optional<Set<Scope>> wanted) {
        if (!granted.containsAll(wanted.orElse(Set.of()))) {
            throw new OAuthException(OAuthError.INVALID_SCOPE, "more than was granted");
        }
        return wanted.orElse(granted);
    }

    /** One text for forged, expired, revoked and reused: whoever tries tokens learns nothing. */
    private static OAuthException noGood() {
        return new OAuthException(OAuthError.INVALID_GRANT, "the refresh token is not valid, or not any more");
    }

    private static OAuthException unknownClient() {
        return new OAuthException(OAuthError.INVALID_CLIENT, "client id and secret are needed, as HTTP Basic");
    }
}
