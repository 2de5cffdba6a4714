package caravan.inventory;

import caravan.common.auth.Open;
import caravan.common.cache.Served;
import caravan.common.http.ConsistencyToken;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

@Path("/api/v1/products/top")
class TopResource {

    private final TopProducts top;

    TopResource(TopProducts top) {
        this.top = top;
    }

    @GET
    @Open
    public Uni<Response> first(
            @QueryParam("limit") @Nullable String limit,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch,
            @HeaderParam(ConsistencyToken.HEADER) @Nullable String token) {
        int most = PageRequest.of(null, limit, null).limit();
        Uni<Served<Rendering>> found = token == null ? top.first(most) : top.firstInDatabase(most);
        return found.map(served -> Validators.answer(served, ifNoneMatch, null));
    }
}
