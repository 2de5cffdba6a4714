package caravan.gateway.session.account;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.text.Normalizer;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Hashes passwords on threads of its own: few, since each hash takes 19 MiB, with a bounded queue. Fails with
 * {@link RejectedExecutionException} when the queue is full.
 */
@Singleton
public class Passwords {

    private final String nobodys = Argon2.nobodys();
    private final ThreadPoolExecutor threads;

    Passwords(PasswordConfig config) {
        this.threads = new ThreadPoolExecutor(
                config.threads(),
                config.threads(),
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(config.maxWaiting()),
                Thread.ofPlatform().name("passwords-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    void stop(@Observes ShutdownEvent event) {
        threads.shutdown();
    }

    public Uni<String> hash(String password) {
        return run(() -> Argon2.hash(normal(password)));
    }

    /** With nothing stored, for want of an account, it is false and takes as long, so that time does not tell. */
    public Uni<Boolean> verify(String password, Optional<String> stored) {
        return run(() -> Argon2.verify(normal(password), stored.orElse(nobodys)));
    }

    private <T> Uni<T> run(Supplier<T> work) {
        return Uni.createFrom().item(work).runSubscriptionOn(threads).emitOn(Contexts.here());
    }

    /** The same text, however a keyboard composes it (NIST SP 800-63B). */
    private static String normal(String password) {
        return Normalizer.normalize(password, Normalizer.Form.NFKC);
    }
}
