package caravan.saga.engine;

import caravan.common.contract.Command;
import caravan.common.contract.Reply.Done;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What a step does: the command, and what its success adds to the saga's data.
 *
 * @param type the command's class, for the wire name in the definition's hash
 * @param done the only reply that counts as success; another one is ignored
 */
public record Action<D>(
        Class<? extends Command> type,
        Function<D, ? extends Command> command,
        Class<? extends Done> done,
        BiFunction<D, Done, D> fold,
        Policy policy) {

    /** An action whose reply is worth nothing but itself. */
    public static <D, C extends Command> Action<D> action(
            Class<C> type, Function<D, C> command, Class<? extends Done> done, Policy policy) {
        return new Action<>(type, command, done, (data, _) -> data, policy);
    }

    public static <D, C extends Command, R extends Done> Action<D> action(
            Class<C> type, Function<D, C> command, Class<R> done, BiFunction<D, R, D> fold, Policy policy) {
        return new Action<>(type, command, done, (data, reply) -> fold.apply(data, done.cast(reply)), policy);
    }
}
