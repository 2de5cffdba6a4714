package caravan.saga.audit;

import caravan.audit.AskedOrders;
import caravan.audit.Told;
import caravan.common.messaging.Json;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Asks those who hold something of an order. All, or nothing is known. */
@Singleton
class Participants {

    private final HttpClient client;
    private final SagaAuditConfig config;
    private final SagaAuditMetrics metrics;

    Participants(Vertx vertx, SagaAuditConfig config, SagaAuditMetrics metrics) {
        this.config = config;
        this.metrics = metrics;
        // One question at a time for each.
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setName("audit")
                .setMaxPoolSize(1)
                .setMaxWaitQueueSize(1)
                .setConnectTimeout((int) config.timeout().toMillis())
                .setTracingPolicy(TracingPolicy.IGNORE));
    }

    void stop(@Observes ShutdownEvent event) {
        client.close();
    }

    /** Fails when one does not answer in time, or not with what it was asked for. */
    Uni<Heard> ask(List<UUID> orders) {
        Buffer question = Buffer.buffer(Json.bytes(new AskedOrders(orders)));
        List<Uni<List<? extends Told>>> answers = new ArrayList<>();
        for (Participant participant : Participant.values()) {
            answers.add(ask(participant, question));
        }
        return Uni.join()
                .all(answers)
                .andCollectFailures()
                .map(told -> new Heard(told.stream().flatMap(List::stream).toList()));
    }

    private Uni<List<? extends Told>> ask(Participant participant, Buffer question) {
        RequestOptions request = to(participant, "").setMethod(HttpMethod.POST);
        return answer(participant, request, question)
                .map(body -> Arrays.asList(Json.read(body.getBytes(), participant.answer())));
    }

    /** Orders of which order-service has not heard that a saga took them up, though they are that old. */
    Uni<List<UUID>> unclaimed() {
        String which = "/unclaimed?seconds=" + config.unclaimedAfter().toSeconds();
        return answer(Participant.ORDER, to(Participant.ORDER, which), Buffer.buffer())
                .map(body -> List.of(Json.read(body.getBytes(), UUID[].class)));
    }

    private RequestOptions to(Participant participant, String path) {
        return new RequestOptions()
                .setAbsoluteURI(participant.url(config) + path)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .setTimeout(config.timeout().toMillis());
    }

    private Uni<Buffer> answer(Participant participant, RequestOptions request, Buffer question) {
        return Uni.createFrom()
                .deferred(() -> UniHelper.toUni(client.request(request)
                        .compose(sent -> sent.send(question).compose(answer -> body(participant, answer)))))
                // The client's own bound ends with the head of the answer.
                .ifNoItem()
                .after(config.timeout())
                .fail()
                .onFailure()
                .invoke(() -> metrics.unanswered(participant));
    }

    private static Future<Buffer> body(Participant participant, HttpClientResponse answer) {
        return answer.statusCode() == 200
                ? answer.body()
                : Future.failedFuture(new IOException(participant.service() + " answers " + answer.statusCode()));
    }
}
