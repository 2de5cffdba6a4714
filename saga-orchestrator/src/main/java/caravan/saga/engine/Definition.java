package caravan.saga.engine;

import caravan.common.contract.Command;
import caravan.common.contract.MessageTypes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one kind of saga, in business order. What cannot be undone or finished is refused when it is built.
 *
 * @param <D> what a saga remembers; an immutable value
 */
public final class Definition<D> {

    private static final Map<Class<? extends Command>, String> WIRE_NAMES = Stream.of(
                    MessageTypes.ORDER_COMMANDS,
                    MessageTypes.INVENTORY_COMMANDS,
                    MessageTypes.PAYMENT_COMMANDS,
                    MessageTypes.SHIPMENT_COMMANDS,
                    MessageTypes.NOTIFICATION_COMMANDS)
            .flatMap(family -> family.all().entrySet().stream())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private final String name;
    private final Class<D> dataType;
    private final List<Step<D>> steps;
    private final String hash;

    private Definition(String name, Class<D> dataType, List<Step<D>> steps) {
        this.name = name;
        this.dataType = dataType;
        this.steps = steps;
        refuseDuplicates();
        refuseDisorder();
        steps.forEach(this::refuseUnfinished);
        this.hash = sha256(canonicalText());
    }

    /** Throws {@link IllegalArgumentException} for a definition whose sagas could not be undone or finished. */
    @SafeVarargs
    @SuppressWarnings("varargs") // the list is a copy, and never written
    public static <D> Definition<D> of(String name, Class<D> dataType, Step<D>... steps) {
        return new Definition<>(name, dataType, List.of(steps));
    }

    public String name() {
        return name;
    }

    public Class<D> dataType() {
        return dataType;
    }

    public List<Step<D>> steps() {
        return steps;
    }

    /**
     * SHA-256, as 64 hexadecimal digits, of what a running saga depends on: names, kinds, commands, undos. Durations and
     * counts are not in it: they may be tuned while sagas run.
     */
    public String hash() {
        return hash;
    }

    public Optional<Step<D>> step(String stepName) {
        return steps.stream().filter(step -> step.name().equals(stepName)).findFirst();
    }

    Step<D> mustStep(String stepName) {
        return step(stepName)
                .orElseThrow(() -> new IllegalStateException("definition " + name + " has no step " + stepName));
    }

    Step<D> given() {
        return steps.getFirst();
    }

    Optional<Step<D>> after(Step<D> step) {
        int next = position(step) + 1;
        return next < steps.size() ? Optional.of(steps.get(next)) : Optional.empty();
    }

    Optional<Step<D>> before(Step<D> step) {
        int position = position(step);
        return position > 0 ? Optional.of(steps.get(position - 1)) : Optional.empty();
    }

    /** The steps' places, counted from 0: {@code distance(a, b)} is 1 when b follows a. */
    int distance(Step<D> from, Step<D> to) {
        return position(to) - position(from);
    }

    private int position(Step<D> step) {
        return steps.indexOf(step);
    }

    private void refuseDuplicates() {
        Set<String> seen = new HashSet<>();
        for (Step<D> step : steps) {
            require(step.name().matches("[a-z][a-z0-9-]*"), step, "has a name that is not kebab-case");
            require(seen.add(step.name()), step, "is there twice");
        }
    }

    private void refuseDisorder() {
        String kinds =
                steps.stream().map(step -> step.kind().name().substring(0, 1)).collect(Collectors.joining());
        if (!kinds.matches("GC*PR*")) {
            throw new IllegalArgumentException(
                    "%s: needs one given step, compensatable ones, one pivot, retriable ones, in this order; has %s"
                            .formatted(name, steps.stream().map(Step::kind).toList()));
        }
    }

    private void refuseUnfinished(Step<D> step) {
        switch (step.kind()) {
            case GIVEN -> {
                require(step.action() == null, step, "is given and has an action");
                require(step.undo() != null, step, "stands before the pivot and has no undo");
            }
            case COMPENSATABLE -> {
                require(step.action() != null, step, "does nothing");
                require(step.undo() != null, step, "stands before the pivot and has no undo");
            }
            case PIVOT -> require(step.action() != null, step, "does nothing");
            case RETRIABLE -> {
                require(step.action() != null, step, "does nothing");
                require(step.undo() == null, step, "stands after the pivot and has an undo");
            }
        }
    }

    private void require(boolean holds, Step<D> step, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("%s: step %s %s".formatted(name, step.name(), otherwise));
        }
    }

    private String canonicalText() {
        return steps.stream()
                .map(step -> "%s %s do=%s undo=%s\n".formatted(step.name(), step.kind(), action(step), undo(step)))
                .collect(Collectors.joining("", name + "\n", ""));
    }

    private static String action(Step<?> step) {
        Action<?> action = step.action();
        return action == null ? "-" : wireName(action.type());
    }

    private static String undo(Step<?> step) {
        Undo<?> undo = step.undo();
        return undo == null ? "-" : wireName(undo.type());
    }

    private static String wireName(Class<? extends Command> type) {
        @Nullable String wireName = WIRE_NAMES.get(type);
        if (wireName == null) {
            throw new IllegalArgumentException("no wire name for " + type);
        }
        return wireName;
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
