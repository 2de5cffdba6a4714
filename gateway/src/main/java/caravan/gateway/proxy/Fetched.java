package caravan.gateway.proxy;

import caravan.common.http.ProblemType;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Objects;

/** What came of a {@link Question}. Headers are those that may be passed on. */
public sealed interface Fetched {

    /** The service has spoken. */
    sealed interface Said extends Fetched {
        int status();

        MultiMap headers();
    }

    /** An answer to its end. */
    record Whole(int status, MultiMap headers, Buffer body) implements Said {}

    /** A problem: to be told to each who asked as a problem of their own, with their path and their request's id. */
    record Trouble(ProblemType type, String detail, MultiMap headers) implements Said {

        @Override
        public int status() {
            return type.status();
        }

        /** Reads a problem body. A code that we do not know stands for any problem of its status. */
        static Trouble of(int status, MultiMap headers, Buffer body) {
            JsonObject problem = read(body);
            return new Trouble(
                    type(status, problem.getValue("code")),
                    Objects.toString(problem.getValue("detail"), ForeignAnswer.DETAIL),
                    headers);
        }

        private static JsonObject read(Buffer body) {
            try {
                return new JsonObject(body);
            } catch (DecodeException _) {
                return new JsonObject();
            }
        }

        private static ProblemType type(int status, @org.jspecify.annotations.Nullable Object code) {
            return Arrays.stream(ProblemType.values())
                    .filter(type -> type.status() == status && type.slug().equals(code))
                    .findFirst()
                    .orElseGet(() -> status >= 500 ? ofServer(status) : ForeignAnswer.problem(status));
        }

        private static ProblemType ofServer(int status) {
            return Arrays.stream(ProblemType.values())
                    .filter(type -> type.status() == status)
                    .findFirst()
                    .orElse(ProblemType.BAD_GATEWAY);
        }
    }

    /** More than is worth holding; what there was of it is gone. */
    record TooLong() implements Fetched {}

    record Failed(Fault fault) implements Fetched {}
}
