package caravan.saga.engine;

import org.jspecify.annotations.Nullable;

/**
 * One step of a definition.
 *
 * @param action null for the given step, which has happened
 * @param undo null after the pivot; a pivot without one is never given up, as nothing could take it back
 */
public record Step<D>(
        String name,
        Kind kind,
        @Nullable Action<D> action,
        @Nullable Undo<D> undo) {

    public static <D> Step<D> given(String name, Undo<D> undo) {
        return new Step<>(name, Kind.GIVEN, null, undo);
    }

    public static <D> Step<D> compensatable(String name, Action<D> action, Undo<D> undo) {
        return new Step<>(name, Kind.COMPENSATABLE, action, undo);
    }

    public static <D> Step<D> pivot(String name, Action<D> action, @Nullable Undo<D> undo) {
        return new Step<>(name, Kind.PIVOT, action, undo);
    }

    public static <D> Step<D> retriable(String name, Action<D> action) {
        return new Step<>(name, Kind.RETRIABLE, action, null);
    }

    /** Whether silence may turn the saga round here: only where what may have happened can be undone. */
    boolean canGiveUp() {
        return undo != null;
    }

    boolean canBeRejected() {
        return switch (kind) {
            case COMPENSATABLE, PIVOT -> true;
            case GIVEN, RETRIABLE -> false;
        };
    }

    Action<D> mustAct() {
        if (action == null) {
            throw new IllegalStateException("step " + name + " has no action");
        }
        return action;
    }

    Undo<D> mustUndo() {
        if (undo == null) {
            throw new IllegalStateException("step " + name + " has no undo");
        }
        return undo;
    }
}
