package caravan.gateway.session;

import caravan.common.auth.Scope;
import caravan.gateway.session.account.Account;
import caravan.gateway.session.account.AccountStore;
import caravan.gateway.session.account.Contexts;
import caravan.gateway.session.account.EmailAddress;
import caravan.gateway.session.account.Passwords;
import caravan.gateway.session.account.Registration;
import caravan.gateway.session.family.Families;
import caravan.gateway.session.family.RefreshTokens;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** People with a password: how they get an account, and a session. */
@Singleton
class Logins {

    /** Through which client people come: a public one, without a secret. */
    static final String PUBLIC_CLIENT = "caravan";

    static final Set<Scope> CUSTOMER = EnumSet.of(Scope.ORDERS_READ, Scope.ORDERS_WRITE);

    sealed interface Answer {
        record LoggedIn(TokenResponse tokens) implements Answer {}

        record WrongCredentials() implements Answer {}

        record Throttled(Duration retryAfter) implements Answer {}
    }

    private final AccountStore accounts;
    private final Passwords passwords;
    private final Families families;
    private final AccessTokens accessTokens;
    private final RefreshTokens refreshTokens;
    private final LoginThrottle throttle;
    private final SessionMetrics metrics;
    private final InstantSource clock;

    Logins(
            AccountStore accounts,
            Passwords passwords,
            Families families,
            AccessTokens accessTokens,
            RefreshTokens refreshTokens,
            LoginThrottle throttle,
            SessionMetrics metrics,
            InstantSource clock) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.families = families;
        this.accessTokens = accessTokens;
        this.refreshTokens = refreshTokens;
        this.throttle = throttle;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Empty when the address is taken. */
    Uni<Optional<Account>> register(Registration.Checked registration, Set<Scope> scopes) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return passwords
                .hash(registration.password())
                .map(hash -> new Account(Ids.next(now), registration.email(), registration.name(), hash, scopes, now))
                .chain(account ->
                        accounts.add(account).map(added -> added ? Optional.of(account) : Optional.<Account>empty()));
    }

    Uni<Answer> login(String email, String password) {
        return Uni.createFrom()
                .completionStage(() -> throttle.tryAcquire(key(email)).toCompletionStage())
                .emitOn(Contexts.here())
                .chain(wait -> wait.isPresent()
                        ? Uni.createFrom().item(new Answer.Throttled(wait.get()))
                        : tryPassword(email, password))
                .invoke(metrics::answered);
    }

    /** The same work whether there is such an account or not. */
    private Uni<Answer> tryPassword(String email, String password) {
        return accounts.account(email)
                .chain(found -> passwords
                        .verify(password, found.map(Account::passwordHash))
                        .chain(right -> right && found.isPresent()
                                ? begin(found.get())
                                : Uni.createFrom().item(new Answer.WrongCredentials())));
    }

    private Uni<Answer> begin(Account account) {
        UUID session = Ids.next(clock.instant());
        Set<Scope> scopes = account.scopes();
        Grant grant = new Grant(account.id(), PUBLIC_CLIENT, session, 0, scopes, account.name(), account.email());
        return families.begin(session, account.id(), scopes)
                .map(_ -> new Answer.LoggedIn(
                        TokenResponse.of(accessTokens.sign(grant), refreshTokens.write(session, 0), scopes)));
    }

    /** A limiter's keys end up in Redis and in logs, where nobody's address belongs. */
    private static String key(String email) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(EmailAddress.key(email).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
