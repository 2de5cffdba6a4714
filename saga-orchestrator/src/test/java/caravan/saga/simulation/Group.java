package caravan.saga.simulation;

import caravan.common.messaging.IntakeRules;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The two processes of a service, as a consumer group: who reads which partition, and how far it has been read. */
final class Group {

    private static final int MOST_LATENCY_MS = 25;

    private final World world;
    private final Log log;
    private final Plan plan;
    private final String service;
    private final IntakeRules rules;
    private final List<Node> nodes;
    private final Map<String, Handler> handlers = new LinkedHashMap<>();
    private final Map<String, Integer> committed = new HashMap<>();
    private final Map<String, Reader> readers = new LinkedHashMap<>();
    private final Map<String, Long> stalledUntilMs = new HashMap<>();
    private Consumer<Node> onStart = _ -> {};
    private int generation;
    private boolean away;

    Group(World world, Log log, Plan plan, String service, IntakeRules rules) {
        this.world = world;
        this.log = log;
        this.plan = plan;
        this.service = service;
        this.rules = rules;
        this.nodes = List.of(new Node(world, plan, this, service + "-a"), new Node(world, plan, this, service + "-b"));
    }

    void reads(String topic, Handler handler) {
        handlers.put(topic, handler);
        log.readBy(this, topic);
    }

    /** What a process does besides when it starts. */
    void onStart(Consumer<Node> what) {
        onStart = what;
    }

    String service() {
        return service;
    }

    List<Node> nodes() {
        return nodes;
    }

    World world() {
        return world;
    }

    Log log() {
        return log;
    }

    Plan plan() {
        return plan;
    }

    IntakeRules rules() {
        return rules;
    }

    /** One that works, another one each time; the first when none does. */
    Node someone(int salt) {
        int first = (int) world.delay(service, salt + (int) world.nowMs(), nodes.size()) - 1;
        Node node = nodes.get(first);
        return node.isMember() ? node : nodes.get(1 - first);
    }

    /** Partitions go round among those who are there; whoever had one may still be at its last batch. */
    void rebalance() {
        readers.values().forEach(Reader::revoke);
        readers.clear();
        List<Node> members = nodes.stream().filter(Node::isMember).toList();
        if (members.isEmpty()) {
            return;
        }
        generation++;
        for (Map.Entry<String, Handler> reads : handlers.entrySet()) {
            for (int partition = 0; partition < Log.PARTITIONS; partition++) {
                Node owner = members.get((partition + generation) % members.size());
                assign(owner, reads.getKey(), partition, reads.getValue());
            }
        }
    }

    private void assign(Node owner, String topic, int partition, Handler handler) {
        Reader reader = new Reader(this, owner, topic, partition, handler, position(topic, partition));
        readers.put(key(topic, partition), reader);
        owner.later(world.delay(topic, generation, MOST_LATENCY_MS), reader::poll);
    }

    private static String key(String topic, int partition) {
        return topic + ' ' + partition;
    }

    private int position(String topic, int partition) {
        return committed.getOrDefault(key(topic, partition), 0);
    }

    void commit(String topic, int partition, int position) {
        committed.put(key(topic, partition), position);
    }

    void wake(String topic, int partition, String why) {
        Reader reader = readers.get(key(topic, partition));
        if (reader != null) {
            reader.node().later(world.delay(why, partition, MOST_LATENCY_MS), reader::poll);
        }
    }

    void stall(String topic, int partition, long forMs) {
        if (handlers.containsKey(topic)) {
            world.count("partitions that nobody read for a while");
            world.tell("nobody reads partition %d of %s for %d ms", partition, topic, forMs);
            world.wounded(service, forMs);
            stalledUntilMs.put(key(topic, partition), world.nowMs() + forMs);
        }
    }

    long stalledUntilMs(String topic, int partition) {
        return world.isCalm() ? 0 : stalledUntilMs.getOrDefault(key(topic, partition), 0L);
    }

    void started(Node node) {
        onStart.accept(node);
    }

    boolean isAway() {
        return away;
    }

    /** Nobody is there. */
    void leaves(long forMs) {
        world.count("services away");
        world.tell("%s is away for %d ms", service, forMs);
        world.wounded(service, forMs);
        away = true;
        nodes.forEach(Node::stop);
        rebalance();
        world.in(forMs, this::returns);
    }

    private void returns() {
        away = false;
        nodes.forEach(Node::starts);
    }

    void heals() {
        away = false;
        nodes.forEach(Node::heals);
        for (Map.Entry<String, Reader> each : readers.entrySet()) {
            each.getValue().node().later(1, each.getValue()::poll);
        }
    }
}
