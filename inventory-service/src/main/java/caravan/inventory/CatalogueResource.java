package caravan.inventory;

import caravan.common.auth.Open;
import caravan.common.auth.Requires;
import caravan.common.auth.Scope;
import caravan.common.cache.Served;
import caravan.common.http.ConsistencyToken;
import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

@Path("/api/v1/products")
class CatalogueResource {

    private final CatalogueStore catalogue;
    private final ProductStore products;
    private final ProductCache cache;
    private final Views views;
    private final Tokens tokens;

    CatalogueResource(CatalogueStore catalogue, ProductStore products, ProductCache cache, Views views, Tokens tokens) {
        this.catalogue = catalogue;
        this.products = products;
        this.cache = cache;
        this.views = views;
        this.tokens = tokens;
    }

    @GET
    @Open
    public Uni<Response> list(
            @QueryParam("q") @Nullable String q,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch) {
        PageRequest wanted = PageRequest.of(q, limit, cursor);
        return catalogue.page(wanted).map(page -> {
            Validators validators = new Validators(page.etag(), page.changedAt().orElse(null));
            // A product that left the list has left its time too: only the tag can tell that nothing has changed.
            Response.ResponseBuilder answer = validators.answer(ifNoneMatch, null, Response.ok(page));
            if (page.nextCursor() != null) {
                answer.link(next(wanted, page.nextCursor()), "next");
            }
            return answer.build();
        });
    }

    private static URI next(PageRequest wanted, String cursor) {
        UriBuilder next = UriBuilder.fromPath("/api/v1/products");
        if (!wanted.q().isEmpty()) {
            next.queryParam("q", "{q}");
        }
        return next.queryParam("limit", wanted.limit())
                .queryParam("cursor", cursor)
                .build(wanted.q().isEmpty() ? new Object[0] : new Object[] {wanted.q()});
    }

    @GET
    @Open
    @Path("/{sku}")
    public Uni<Response> find(
            @RestPath String sku,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch,
            @HeaderParam(HttpHeaders.IF_MODIFIED_SINCE) @Nullable String ifModifiedSince,
            @HeaderParam(ConsistencyToken.HEADER) @Nullable List<String> sent,
            @Context HttpServerRequest http) {
        if (!ProductBody.SKU.matcher(sku).matches()) {
            throw unknown(sku);
        }
        boolean past = Tokens.asksForDatabase(ConsistencyToken.parse(sent));
        Uni<Served<Rendering>> found = past ? cache.findInDatabase(sku) : cache.find(sku);
        return found.invoke(served -> {
                    if (served.value() == null) {
                        throw unknown(sku);
                    }
                })
                .call(() -> views.seen(sku, views(http)))
                .map(served -> Validators.answer(served, ifNoneMatch, ifModifiedSince));
    }

    /** This one, unless nobody gets to see more than the headers, and those that a cache before us has answered. */
    private static long views(HttpServerRequest http) {
        return (http.method().equals(HttpMethod.GET) ? 1 : 0) + Meter.hits(http.getHeader(Meter.HEADER));
    }

    @PUT
    @Requires(Scope.CATALOG_WRITE)
    @Path("/{sku}")
    public Uni<Response> put(
            @RestPath String sku,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch,
            @HeaderParam(ConsistencyToken.HEADER) @Nullable List<String> sent,
            @Nullable ProductBody body,
            @Context HttpServerResponse http) {
        if (!ProductBody.SKU.matcher(sku).matches()) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST, "a sku is 1 to 64 capital letters, digits and inner hyphens");
        }
        if (body == null) {
            throw new ProblemException(ProblemType.MALFORMED_BODY, "the body is empty");
        }
        ProductEdit edit = body.check();
        Precondition precondition = Precondition.of(ifMatch, ifNoneMatch);
        ConsistencyToken token = ConsistencyToken.parse(sent);
        return cache.edit(sku, () -> products.put(sku, edit, precondition))
                .map(edited -> answer(sku, edited))
                .call(() -> tokens.raised(token).invoke(raised -> http.putHeader(ConsistencyToken.HEADER, raised)));
    }

    private static Response answer(String sku, ProductStore.Edited edited) {
        return switch (edited) {
            case ProductStore.Edited.Created created ->
                written(Response.created(URI.create("/api/v1/products/" + sku)), created.product());
            case ProductStore.Edited.Replaced replaced -> written(Response.ok(), replaced.product());
            case ProductStore.Edited.PreconditionRequired _ ->
                throw new ProblemException(
                        ProblemType.PRECONDITION_REQUIRED, sku + " exists: name what you replace in If-Match");
            case ProductStore.Edited.PreconditionFailed _ ->
                throw new ProblemException(
                        ProblemType.PRECONDITION_FAILED, sku + " is not what the precondition says: read it again");
        };
    }

    private static Response written(Response.ResponseBuilder answer, ProductView product) {
        return answer.entity(product).header(HttpHeaders.ETAG, product.etag()).build();
    }

    static ProblemException unknown(String sku) {
        return new ProblemException(ProblemType.NOT_FOUND, "there is no product " + sku);
    }
}
