package caravan.gateway.session;

import caravan.common.auth.Open;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** For programs: the token endpoint (RFC 6749) and the revocation endpoint (RFC 7009). */
@Open
@Path("/oauth2")
@Produces(MediaType.APPLICATION_JSON)
class OAuthResource {

    private static final Logger LOG = Logger.getLogger(OAuthResource.class);

    private final TokenGrants grants;
    private final Endings endings;

    OAuthResource(TokenGrants grants, Endings endings) {
        this.grants = grants;
        this.endings = endings;
    }

    record ErrorBody(String error, String error_description) {}

    @POST
    @Path("/token")
    public Uni<Response> token(
            @HeaderParam("Content-Type") @Nullable String type,
            @HeaderParam("Authorization") @Nullable String authorization,
            byte @Nullable [] body) {
        return answer(type, body, form -> grants.answer(form, authorization).map(tokens -> Response.ok(tokens)));
    }

    @POST
    @Path("/revoke")
    public Uni<Response> revoke(@HeaderParam("Content-Type") @Nullable String type, byte @Nullable [] body) {
        return answer(type, body, form -> endings.revoke(form.require("token")).map(_ -> Response.ok()));
    }

    private static Uni<Response> answer(
            @Nullable String type, byte @Nullable [] body, Function<Form, Uni<Response.ResponseBuilder>> work) {
        return Uni.createFrom()
                .deferred(() -> work.apply(form(type, body)))
                .onFailure()
                .recoverWithItem(OAuthResource::refusal)
                .map(response -> response.header("Cache-Control", "no-store")
                        .header("Pragma", "no-cache")
                        .build());
    }

    private static Form form(@Nullable String type, byte @Nullable [] body) {
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(Form.MEDIA_TYPE)) {
            throw new OAuthException(OAuthError.INVALID_REQUEST, "the body must be " + Form.MEDIA_TYPE);
        }
        return Form.parse(body == null ? "" : new String(body, StandardCharsets.UTF_8));
    }

    private static Response.ResponseBuilder refusal(Throwable fault) {
        if (fault instanceof OAuthException no) {
            Response.ResponseBuilder response = error(no.error(), String.valueOf(no.getMessage()));
            return no.error() == OAuthError.INVALID_CLIENT
                    ? response.header("WWW-Authenticate", "Basic realm=\"caravan\", charset=\"UTF-8\"")
                    : response;
        }
        if (StoreFaults.passes(fault)) {
            return error(OAuthError.TEMPORARILY_UNAVAILABLE, "try again soon").header("Retry-After", "1");
        }
        LOG.error("a token request failed", fault);
        return Response.status(Response.Status.INTERNAL_SERVER_ERROR)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(new ErrorBody("server_error", "the fault is logged"));
    }

    private static Response.ResponseBuilder error(OAuthError error, String description) {
        return Response.status(error.status())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(new ErrorBody(error.code(), description));
    }
}
