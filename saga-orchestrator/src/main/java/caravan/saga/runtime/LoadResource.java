package caravan.saga.runtime;

import caravan.common.auth.Open;
import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Instant;

/** For the gateway alone: its route table leads nobody here. */
@Open
@Path("/internal/load")
class LoadResource {

    private final SagaLoad load;

    LoadResource(SagaLoad load) {
        this.load = load;
    }

    /** @param open sagas that have not ended and wait for nobody's decision */
    record Shown(long open, double endedPerSecond) {}

    @GET
    @NonBlocking
    public Shown show() {
        return load.current(Instant.now())
                .map(now -> new Shown(now.last().open(), now.endedPerSecond()))
                .orElseThrow(() ->
                        new ProblemException(ProblemType.TEMPORARY_REDUCED_CAPACITY, "the database does not say"));
    }
}
