package caravan.gateway.proxy;

import caravan.common.http.ProblemType;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;

/**
 * One request on its way to a service and back: the answer is relayed, or why there is none is said. Confined to the event
 * loop of its request once it has begun.
 */
final class Passage implements Tries.Asker {

    private static final Logger LOG = Logger.getLogger(Passage.class);

    private final Vertx vertx;
    private final RoutingContext context;
    private final Route route;
    private final Tries.Lane lane;
    private final Origin origin;
    private final long answerMs;
    private final Tries tries;
    private final OpenStreams streams;
    private final IntConsumer witness;
    private final Runnable over;
    private final Runnable end = this::letGo;
    private boolean told;
    private boolean ended;

    /**
     * @param witness hears the status before the client does, and when there is no client any more
     * @param over called once, when the answer is out or nobody is there for it
     */
    Passage(
            Vertx vertx,
            OpenStreams streams,
            RoutingContext context,
            Route route,
            Tries.Lane lane,
            Origin origin,
            long answerMs,
            Tries tries,
            IntConsumer witness,
            Runnable over) {
        this.vertx = vertx;
        this.streams = streams;
        this.context = context;
        this.route = route;
        this.lane = lane;
        this.origin = origin;
        this.answerMs = answerMs;
        this.tries = tries;
        this.witness = witness;
        this.over = over;
    }

    void begin() {
        context.addEndHandler(this::ended);
        if (context.response().closed()) {
            // Who left while the gate asked has had its end: a handler that comes after it is never called.
            ended(Future.failedFuture("the client has gone"));
        } else {
            tries.begin(this);
        }
    }

    @Override
    public void writeHeaders(HttpClientRequest request) {
        HeaderRules.copyRequest(context.request().headers(), request.headers());
        origin.write(request.headers());
        request.putHeader(HeaderRules.REQUEST_ID, context.request().getHeader(HeaderRules.REQUEST_ID));
    }

    @Override
    public void answered(HttpClientResponse head) {
        tell(head.statusCode());
        if (ForeignAnswer.is(head)) {
            LOG.infof("%s answered %d without a problem body", lane.target().label(), head.statusCode());
            tries.drop();
            Refusal.send(context, ForeignAnswer.problem(head.statusCode()), ForeignAnswer.DETAIL);
        } else {
            limitAnswer();
            if (route.traits().streaming()) {
                // Before the answer, which may end at once: one that has no body.
                streams.add(end);
            }
            Relay.start(context, head, route.traits().streaming(), this::broken);
        }
    }

    @Override
    public void failed(Fault fault) {
        tell(fault.kind().problem().status());
        refuse(context, route, lane, fault);
    }

    private void limitAnswer() {
        if (!route.traits().streaming()) {
            long timer = vertx.setTimer(answerMs, _ -> broken(new Fault(Fault.Kind.SILENT, "no end of the answer")));
            context.addEndHandler(_ -> vertx.cancelTimer(timer));
        }
    }

    /** This process stops: to the client the stream ends as if the service had ended it, to the service the client leaves. */
    private void letGo() {
        if (!ended && !context.response().ended()) {
            context.response().end().onComplete(_ -> tries.drop());
        }
    }

    /** The answer broke off. What has begun must not look as if it were complete. */
    private void broken(Throwable fault) {
        if (ended) {
            return;
        }
        LOG.infof("%s broke off its answer: %s", lane.target().label(), fault.getMessage());
        tries.drop();
        if (context.response().headWritten()) {
            breakOff();
            // A client that reads nothing may put the end of its connection off.
            ended(Future.failedFuture(fault));
        } else {
            refuse(context, route, lane, new Fault(Fault.Kind.GARBAGE, "the answer broke off"));
        }
    }

    /** Over HTTP/1.1 a response that is reset tells nobody of its end: not the meters, and not who waits for the last answers. */
    private void breakOff() {
        if (context.request().version() == HttpVersion.HTTP_2) {
            context.response().reset();
        } else {
            context.request().connection().close();
        }
    }

    /** Says why there is no answer. */
    static void refuse(RoutingContext context, Route route, Tries.Lane lane, Fault fault) {
        Fault.Kind kind = fault.kind();
        // What is refused without being tried is counted; a line for each would drown the log while a service is away.
        Logger.Level level = kind.blamesService() ? Logger.Level.INFO : Logger.Level.DEBUG;
        LOG.logf(level, "%s for %s: %s", kind, route, fault.getMessage());
        if (kind.problem() == ProblemType.TEMPORARY_REDUCED_CAPACITY) {
            Refusal.send(
                    context,
                    kind.problem(),
                    route.fallback().detail(lane.target()),
                    lane.guard().retryAfter(kind));
        } else if (kind == Fault.Kind.CLIENT_SLOW) {
            Refusal.sendAndClose(context, kind.problem(), detail(lane.target(), kind));
        } else {
            Refusal.send(context, kind.problem(), detail(lane.target(), kind));
        }
    }

    private static String detail(Target target, Fault.Kind kind) {
        return switch (kind) {
            case SILENT -> "the %s service did not answer in time".formatted(target.label());
            case CLIENT_SLOW, CLIENT_GONE -> "the body did not come in time";
            default -> "the %s service gave no valid answer".formatted(target.label());
        };
    }

    /** The answer is out, or its connection is gone. */
    private void ended(AsyncResult<Void> how) {
        if (ended) {
            return;
        }
        ended = true;
        over.run();
        streams.remove(end);
        tries.end(how.succeeded());
        // Whoever left did not see what came of it; neither did we.
        tell(ProblemType.GATEWAY_TIMEOUT.status());
    }

    private void tell(int status) {
        if (!told) {
            told = true;
            witness.accept(status);
        }
    }
}
