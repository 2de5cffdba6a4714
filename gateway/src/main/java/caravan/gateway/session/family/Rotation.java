package caravan.gateway.session.family;

import java.time.Duration;
import java.time.Instant;

/** What a refresh token that was presented is worth. */
public sealed interface Rotation {

    /** A new pair; {@code sequence} is the successor's. */
    record Rotate(int sequence, Instant idleExpiresAt) implements Rotation {}

    /** The successor that was given before, again; nothing advances. */
    record SameSuccessor(int sequence) implements Rotation {}

    /** Somebody has a token that its owner has long replaced: one of the two is a thief, and nobody knows which. */
    record Reuse() implements Rotation {}

    record Invalid() implements Rotation {}

    /**
     * How patient we are.
     *
     * @param idle how long a session may rest
     * @param grace how long after a rotation the previous token still counts
     */
    record Policy(Duration idle, Duration grace) {}

    /**
     * The table in the public contract.
     *
     * @param presented the sequence number of an authentic token of this family. One that is higher than the family's own
     *     was given before a restore from a backup: it is not good, but nobody's fault.
     */
    static Rotation decide(Family family, int presented, Instant now, Policy policy) {
        if (!family.lives(now) || presented > family.sequence()) {
            return new Invalid();
        }
        if (presented == family.sequence()) {
            return new Rotate(Math.incrementExact(presented), idleEnd(family, now, policy));
        }
        boolean previous = presented == family.sequence() - 1;
        boolean inGrace = !now.isAfter(family.rotatedAt().plus(policy.grace()));
        return previous && (inGrace || !family.seen()) ? new SameSuccessor(family.sequence()) : new Reuse();
    }

    private static Instant idleEnd(Family family, Instant now, Policy policy) {
        Instant idle = now.plus(policy.idle());
        return idle.isBefore(family.absoluteExpiresAt()) ? idle : family.absoluteExpiresAt();
    }
}
