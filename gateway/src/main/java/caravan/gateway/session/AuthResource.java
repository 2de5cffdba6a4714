package caravan.gateway.session;

import caravan.common.auth.Open;
import caravan.common.http.Problem.FieldError;
import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import caravan.gateway.session.account.Account;
import caravan.gateway.session.account.Registration;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** For people: get an account, log in, log out. */
@Open
@Path("/auth")
@Produces(MediaType.APPLICATION_JSON)
class AuthResource {

    private static final Duration SOON = Duration.ofSeconds(1);

    private final Logins logins;
    private final Endings endings;

    AuthResource(Logins logins, Endings endings) {
        this.logins = logins;
        this.endings = endings;
    }

    record AccountView(UUID id, String email, String name, Instant createdAt) {}

    record Logout(@Nullable String refreshToken) {

        @Override
        public String toString() {
            return "Logout";
        }
    }

    @POST
    @Path("/register")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> register(@Nullable Registration registration) {
        Registration.Checked checked = present(registration).check();
        return bounded(logins.register(checked, Logins.CUSTOMER))
                .map(account -> account.map(AuthResource::view)
                        .map(view -> notStored(
                                Response.status(Response.Status.CREATED).entity(view)))
                        .orElseThrow(() ->
                                new ProblemException(ProblemType.ACCOUNT_EXISTS, "log in, or take another address")));
    }

    @POST
    @Path("/login")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> login(@Nullable Login login) {
        Login given = present(login);
        given.check();
        return bounded(logins.login(text(given.email()), text(given.password())))
                .map(answer -> switch (answer) {
                    case Logins.Answer.LoggedIn(TokenResponse tokens) -> notStored(Response.ok(tokens));
                    case Logins.Answer.WrongCredentials _ ->
                        throw new ProblemException(ProblemType.INVALID_CREDENTIALS, "email and password do not match");
                    case Logins.Answer.Throttled(Duration wait) ->
                        throw new ProblemException(
                                ProblemType.QUOTA_EXCEEDED, "too many logins for this account", List.of(), wait);
                });
    }

    @POST
    @Path("/logout")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> logout(@Nullable Logout logout) {
        return logout(present(logout).refreshToken());
    }

    @POST
    @Path("/logout")
    @Consumes(Form.MEDIA_TYPE)
    public Uni<Response> logoutByForm(byte @Nullable [] body) {
        return logout(refreshToken(body == null ? "" : new String(body, StandardCharsets.UTF_8)));
    }

    private static @Nullable String refreshToken(String form) {
        try {
            return Form.parse(form).get("refresh_token").orElse(null);
        } catch (OAuthException e) {
            throw new ProblemException(ProblemType.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    /** Also for a token that is no good: there is nothing left to end. */
    private Uni<Response> logout(@Nullable String refreshToken) {
        if (refreshToken == null) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST,
                    "which session is to end?",
                    List.of(new FieldError("/refreshToken", "is required")));
        }
        return bounded(endings.logout(refreshToken)).map(_ -> notStored(Response.status(Response.Status.NO_CONTENT)));
    }

    private static AccountView view(Account account) {
        return new AccountView(account.id(), account.email(), account.name(), account.createdAt());
    }

    private static <T> T present(@Nullable T body) {
        if (body == null) {
            throw new ProblemException(ProblemType.MALFORMED_BODY, "there is no body");
        }
        return body;
    }

    private static String text(@Nullable String checked) {
        return checked == null ? "" : checked;
    }

    private static Response notStored(Response.ResponseBuilder response) {
        return response.header("Cache-Control", "no-store").build();
    }

    private static <T> Uni<T> bounded(Uni<T> work) {
        return work.onFailure(StoreFaults::passes)
                .transform(_ -> new ProblemException(
                        ProblemType.TEMPORARY_REDUCED_CAPACITY, "try again soon", List.of(), SOON));
    }
}
