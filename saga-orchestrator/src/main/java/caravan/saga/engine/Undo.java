package caravan.saga.engine;

import caravan.common.contract.Command;
import caravan.common.contract.Failure;
import caravan.common.contract.Reply.Done;
import java.util.function.BiFunction;

/**
 * What takes a step back. It must succeed also when there is nothing to take back, and when it comes before its action.
 *
 * @param type the command's class, for the wire name in the definition's hash
 * @param command is given why the saga turned round
 * @param done the only reply that counts as success; another one is ignored
 */
public record Undo<D>(
        Class<? extends Command> type,
        BiFunction<D, Failure, ? extends Command> command,
        Class<? extends Done> done,
        Policy policy) {

    public static <D, C extends Command> Undo<D> undo(
            Class<C> type, BiFunction<D, Failure, C> command, Class<? extends Done> done, Policy policy) {
        return new Undo<>(type, command, done, policy);
    }
}
