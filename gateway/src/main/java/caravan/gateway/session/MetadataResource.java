package caravan.gateway.session;

import caravan.common.auth.AuthConfig;
import caravan.common.auth.Open;
import caravan.common.auth.Scope;
import caravan.gateway.session.key.Keys;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.List;

/** What others have to know to use and verify tokens. */
@Open
@Path("/.well-known")
@Produces(MediaType.APPLICATION_JSON)
@NonBlocking
class MetadataResource {

    private static final String CACHED = "public, max-age=" + Keys.JWKS_MAX_AGE.toSeconds();

    private final Keys keys;
    private final Metadata metadata;

    MetadataResource(Keys keys, AuthConfig config) {
        this.keys = keys;
        this.metadata = Metadata.of(config.issuer());
    }

    /** RFC 8414. There is no authorization endpoint, and so no response type. */
    record Metadata(
            String issuer,
            @JsonProperty("token_endpoint") String tokenEndpoint,
            @JsonProperty("revocation_endpoint") String revocationEndpoint,
            @JsonProperty("jwks_uri") String jwksUri,
            @JsonProperty("scopes_supported") List<String> scopes,
            @JsonProperty("response_types_supported") List<String> responseTypes,
            @JsonProperty("grant_types_supported") List<String> grantTypes,

            @JsonProperty("token_endpoint_auth_methods_supported")
            List<String> tokenAuthMethods,

            @JsonProperty("revocation_endpoint_auth_methods_supported")
            List<String> revocationAuthMethods) {

        static Metadata of(String issuer) {
            return new Metadata(
                    issuer,
                    issuer + "/oauth2/token",
                    issuer + "/oauth2/revoke",
                    issuer + "/.well-known/jwks.json",
                    Arrays.stream(Scope.values()).map(Scope::text).toList(),
                    List.of(),
                    List.of("refresh_token", "client_credentials"),
                    List.of("none", "client_secret_basic"),
                    List.of("none"));
        }
    }

    @GET
    @Path("/jwks.json")
    public Response jwks() {
        return Response.ok(keys.jwks()).header("Cache-Control", CACHED).build();
    }

    @GET
    @Path("/oauth-authorization-server")
    public Response metadata() {
        return Response.ok(metadata).header("Cache-Control", CACHED).build();
    }
}
