package caravan.payment;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** What may be tuned, under {@code caravan.payment}. */
@ConfigMapping(prefix = "caravan.payment")
interface PaymentConfig {

    @WithDefault("http://localhost:8090")
    URI networkUrl();

    /** A card network answers in tens of milliseconds, a slow bank in two seconds. */
    @WithDefault("3s")
    Duration timeout();

    /** Calls at a time. At 50 ms each this is 200 charges a second, and a hanging network holds no more than this. */
    @WithDefault("10")
    int bulkhead();

    /** Calls at a time beside those, for payments whose last call was not answered: they hold up nobody else. */
    @WithDefault("2")
    int suspects();

    /** Payments this process has taken and not recorded yet; the rest waits in the table. A few rounds of calls share a commit. */
    @WithDefault("64")
    int inHand();

    /** Least time between two transactions that record what the network said: what comes meanwhile shares the next. */
    @WithDefault("20ms")
    Duration recordGap();

    /** After this a payment taken by a process that died is free again: longer than all in hand can last. */
    @WithDefault("30s")
    Duration lease();

    /** Charges a second, steadily: what the network allows us. Beyond what two cores can do, so it limits nothing by default. */
    @WithDefault("2000")
    int rate();

    /** Queued charges a second once the network is back: it must not fall over again at once. */
    @WithDefault("100")
    int drainRate();

    /** How late a retry may be, and a payment nobody woke us for. An empty sweep costs one index look-up. */
    @WithDefault("200ms")
    Duration sweepEvery();

    BreakerRules breaker();

    /** The network said no, or was not there: cheap to ask again, and 20 such answers open the breaker within seconds. */
    Refused refused();

    /** No answer: each try costs the network and us the whole timeout, so it grows to a minute. */
    Unanswered unanswered();

    /** All calls of those before it and its own may take the whole timeout. */
    default Duration longestInHand() {
        long rounds = 1L + (inHand() - 1) / bulkhead();
        return timeout().multipliedBy(rounds + 1);
    }

    interface BreakerRules {

        /** The last calls that count; fewer than this many say nothing. */
        @WithDefault("20")
        int window();

        /** Opens at this part of failures. */
        @WithDefault("0.5")
        double ratio();

        /** Then nobody is asked for so long. */
        @WithDefault("30s")
        Duration openFor();
    }

    interface Refused {

        @WithDefault("100ms")
        Duration firstWait();

        @WithDefault("500ms")
        Duration longestWait();

        default Backoff backoff() {
            return new Backoff(firstWait(), longestWait());
        }
    }

    interface Unanswered {

        @WithDefault("1s")
        Duration firstWait();

        @WithDefault("60s")
        Duration longestWait();

        default Backoff backoff() {
            return new Backoff(firstWait(), longestWait());
        }
    }
}
