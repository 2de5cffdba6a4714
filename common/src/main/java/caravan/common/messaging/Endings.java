package caravan.common.messaging;

/**
 * In what order a process ends; smaller is earlier, and what says nothing else comes between consumers and relay: consumers, then
 * those who finish what they have in hand, then the outbox with what these have left, then the producer.
 */
final class Endings {

    static final int CONSUMERS = 1_000;
    static final int RELAY = 4_000;
    static final int PRODUCER = 5_000;

    private Endings() {}
}
