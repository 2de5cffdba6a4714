package caravan.saga.simulation;

import caravan.common.contract.Topics;
import caravan.common.messaging.IntakeRules;
import caravan.common.messaging.SimulatedInbox;
import caravan.saga.runtime.SimulatedSagas;
import caravan.saga.simulation.Happening.Away;
import caravan.saga.simulation.Happening.CancelAsked;
import caravan.saga.simulation.Happening.Crashed;
import caravan.saga.simulation.Happening.Failing;
import caravan.saga.simulation.Happening.Lost;
import caravan.saga.simulation.Happening.NetworkAway;
import caravan.saga.simulation.Happening.NetworkSilent;
import caravan.saga.simulation.Happening.Operated;
import caravan.saga.simulation.Happening.Paused;
import caravan.saga.simulation.Happening.Placed;
import caravan.saga.simulation.Happening.Rebalanced;
import caravan.saga.simulation.Happening.Repeated;
import caravan.saga.simulation.Happening.Replayed;
import caravan.saga.simulation.Happening.Stalled;
import caravan.saga.simulation.Scenario.Pace;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One scenario from its first order to a week after its last: the fleet is built, harmed, healed, and audited. */
final class Simulation {

    /** @param violation null when all held */
    record Outcome(@Nullable Violation violation, List<String> story) {}

    private static final Map<Pace, SimulatedSagas.Rules> RULES = Map.of(
            Pace.STANDARD, new SimulatedSagas.Rules(Map.of()),
            Pace.HASTY,
                    new SimulatedSagas.Rules(Map.of(
                            "place-order.answer", "400ms",
                            "place-order.finish", "300ms",
                            "place-order.undo", "400ms",
                            "place-order.backoff-cap", "10s",
                            "place-order.payment-budget", "20s",
                            "cancel-order.answer", "300ms",
                            "cancel-order.undo", "400ms",
                            "cancel-order.backoff-cap", "10s")));

    private static final List<String> SERVICES =
            List.of("orchestrator", "inventory", "payment", "shipment", "notification", "order");

    private static final Map<String, IntakeRules> INTAKES = new LinkedHashMap<>();

    static {
        SERVICES.forEach(service -> INTAKES.put(service, new IntakeRules(service + "-service")));
    }

    private final World world;
    private final Audit audit;
    private final Plan plan;
    private final Log log;
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final Map<String, SimulatedInbox> inboxes = new LinkedHashMap<>();
    private final Map<String, Integer> putIn;
    private final SimulatedSagas sagas;
    private final Orchestrator orchestrator;
    private final Stock stock;
    private final Payments payments;
    private final CardNetwork network;
    private final Parcels parcels;
    private final Mails mails;
    private final OrderBook book;
    private final Operators operators;

    private Simulation(World world) {
        this.world = world;
        Scenario scenario = world.scenario();
        audit = new Audit(world);
        plan = new Plan(world);
        log = new Log(world, plan, audit);
        putIn = Map.of("tea", scenario.stockOfTea(), "rice", scenario.stockOfRice());
        SERVICES.forEach(s -> groups.put(s, new Group(world, log, plan, s, intake(s))));
        SERVICES.forEach(s -> inboxes.put(s, new SimulatedInbox(s + "-service", Service.faulty(world))));
        sagas = new SimulatedSagas(Objects.requireNonNull(RULES.get(scenario.pace())), Orchestrator.faulty(world));
        orchestrator = new Orchestrator(group("orchestrator"), sagas, new Outbox(group("orchestrator")), audit);
        Effects stockEffects = new Effects(audit);
        stock = new Stock(putIn, stockEffects, world.has(Bug.COMPENSATE_TWICE), world.has(Bug.STOCK_FROM_A_REPLICA));
        Effects paymentEffects = new Effects(audit);
        payments = new Payments(world, paymentEffects);
        network = new CardNetwork(world, plan);
        Effects parcelEffects = new Effects(audit);
        parcels = new Parcels(world, parcelEffects);
        Effects mailEffects = new Effects(audit);
        mails = new Mails(mailEffects);
        Effects orderEffects = new Effects(audit);
        Outbox orderOutbox = new Outbox(group("order"));
        book = new OrderBook(group("order"), orderOutbox, orderEffects);
        operators = new Operators(world, log, audit, orchestrator, stock, payments, parcels);
        serve("inventory", Topics.INVENTORY_COMMANDS, stock, stockEffects, () -> audit.stock(stock, putIn));
        serve("shipment", Topics.SHIPMENT_COMMANDS, parcels, parcelEffects, () -> {});
        serve("notification", Topics.NOTIFICATION_COMMANDS, mails, mailEffects, () -> {});
        serve("order", Topics.ORDER_COMMANDS, book, orderEffects, () -> {});
        serve("payment", Topics.PAYMENT_COMMANDS, payments, paymentEffects, () -> {});
        charge(paymentEffects);
        group("order").reads(Topics.SAGA_EVENTS, (_, batch) -> book.project(batch));
        group("order").onStart(orderOutbox::wake);
        group("orchestrator").reads(Topics.ORDER_EVENTS, orchestrator::take);
        group("orchestrator").reads(Topics.SAGA_REPLIES, orchestrator::advance);
        group("orchestrator").onStart(orchestrator::started);
    }

    private static IntakeRules intake(String service) {
        return Objects.requireNonNull(INTAKES.get(service));
    }

    private Group group(String service) {
        return Objects.requireNonNull(groups.get(service));
    }

    private void serve(String service, String topic, Books books, Effects effects, Runnable check) {
        SimulatedInbox inbox = Objects.requireNonNull(inboxes.get(service));
        group(service).reads(topic, new Service(world, inbox, books, effects, check));
    }

    private void charge(Effects effects) {
        Group group = group("payment");
        Outbox outbox = new Outbox(group);
        SimulatedInbox inbox = Objects.requireNonNull(inboxes.get("payment"));
        Cashier cashier = new Cashier(group, payments, network, inbox, outbox, effects);
        payments.servedBy(cashier);
        group.onStart(node -> {
            outbox.wake(node);
            cashier.wake(node);
        });
    }

    static Outcome run(Scenario scenario, Set<Bug> bugs, boolean told, Counts counts) {
        World world = new World(scenario, bugs, told, counts);
        Simulation simulation = new Simulation(world);
        try {
            simulation.run();
            return new Outcome(null, world.story());
        } catch (Violation violation) {
            world.tell("VIOLATED %s", violation.what());
            return new Outcome(violation, world.story());
        }
    }

    private void run() {
        groups.values().forEach(Group::rebalance);
        world.scenario().happenings().forEach(this::schedule);
        look();
        world.runUntil(Scenarios.CALM_FROM_MS);
        world.tell("everything that went wrong is over");
        world.calm();
        groups.values().forEach(Group::heals);
        operators.repair(sagas, book);
        Verdict.check(world, sagas, book, stock, network, parcels, mails);
        audit.open(sagas.states());
        if (world.scenario().seed() % 4 == 0) {
            aWeekLater();
        }
    }

    private void schedule(Happening happening) {
        switch (happening) {
            case Placed p -> world.at(p.atMs(), () -> book.place(p));
            case CancelAsked c -> world.at(c.atMs(), () -> book.cancel(Names.order(c.order())));
            case Rebalanced r -> world.at(r.atMs(), () -> rebalance(group(r.service())));
            case Stalled s ->
                world.at(s.atMs(), () -> groups.values().forEach(g -> g.stall(s.topic(), s.partition(), s.forMs())));
            case Away a -> world.at(a.atMs(), () -> group(a.service()).leaves(a.forMs()));
            case NetworkAway a -> world.at(a.atMs(), () -> network.leaves(a.forMs()));
            case Operated o -> world.at(o.atMs(), () -> operators.order(o));
            case Replayed r -> world.at(r.atMs(), operators::replay);
            case Crashed _, Paused _, Repeated _, Lost _, Failing _, NetworkSilent _ -> {}
        }
    }

    private void rebalance(Group group) {
        world.count("rebalances");
        world.tell("the partitions of %s change hands", group.service());
        group.rebalance();
    }

    private void look() {
        audit.open(sagas.states());
        world.in(30_000, () -> {
            if (!world.isCalm()) {
                look();
            }
        });
    }

    /** All is forgotten; then everything that was ever said comes again. */
    private void aWeekLater() {
        world.runUntil(world.nowMs() + 8L * 24 * 3_600_000);
        world.tell("a week later all of it is forgotten, and comes again");
        Set<UUID> all = new HashSet<>();
        sagas.states().forEach(saga -> all.add(saga.id()));
        inboxes.values().forEach(inbox -> inbox.forget(all));
        sagas.forgetAll();
        audit.allIsOver();
        log.everything().forEach(log::append);
        world.runUntil(world.nowMs() + 600_000);
        world.count("messages of forgotten sagas", log.everything().size());
    }
}
