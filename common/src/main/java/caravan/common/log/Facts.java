package caravan.common.log;

import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.util.EnumMap;
import java.util.Map;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * What a log line is about, as keys beside its message. Inside a request the trace's are there already; a record, a timer or a
 * row of a table has none of its own, so that whoever tells of one says which it is:
 *
 * <pre>Facts.ofOrder(id).attempt(2).tell(() -&gt; LOG.infof("mail refused: %s", why));</pre>
 *
 * <p>Immutable. Values are ids and small numbers, never what a person typed. Any thread; what {@link #tell} puts into the
 * context is as it was when it returns, also on an event loop that many records share.
 */
public final class Facts {

    public static final Facts NONE = new Facts(Map.of());

    /** Ids of ours are shorter; what comes from outside may be anything, and is cut. */
    private static final int LONGEST = 120;

    private enum Key {
        TRACE("traceId"),
        SPAN("spanId"),
        SAGA("sagaId"),
        ORDER("orderId"),
        STEP("step"),
        MESSAGE("messageId"),
        ATTEMPT("attempt");

        private final String text;

        Key(String text) {
            this.text = text;
        }
    }

    private final Map<Key, String> values;

    private Facts(Map<Key, String> values) {
        this.values = values;
    }

    public static Facts ofOrder(Object id) {
        return NONE.order(id);
    }

    /** Without a trace id there is no trace, and {@code spanId} does not matter. */
    public Facts trace(@Nullable String traceId, @Nullable String spanId) {
        return traceId == null ? this : with(Key.TRACE, traceId).with(Key.SPAN, spanId);
    }

    public Facts saga(Object id) {
        return with(Key.SAGA, id);
    }

    public Facts order(Object id) {
        return with(Key.ORDER, id);
    }

    public Facts step(String name) {
        return with(Key.STEP, name);
    }

    public Facts message(String id) {
        return with(Key.MESSAGE, id);
    }

    /** The first is 1. */
    public Facts attempt(int number) {
        return with(Key.ATTEMPT, number);
    }

    /** Runs {@code line}, which logs once, with these keys in its context. */
    public void tell(Runnable line) {
        Context context = Vertx.currentContext();
        if (context == null || VertxContext.isDuplicatedContext(context)) {
            tellHere(line);
            return;
        }
        // A timer's context: Quarkus would make another copy of it for each key, and the line would see none of them.
        ContextInternal own = (ContextInternal) VertxContext.createNewDuplicatedContext(context);
        ContextInternal outer = own.beginDispatch();
        try {
            tellHere(line);
        } finally {
            own.endDispatch(outer);
        }
    }

    private void tellHere(Runnable line) {
        Map<Key, @Nullable Object> before = new EnumMap<>(Key.class);
        values.forEach((key, value) -> before.put(key, MDC.put(key.text, value)));
        try {
            line.run();
        } finally {
            before.forEach(Facts::restore);
        }
    }

    private static void restore(Key key, @Nullable Object value) {
        if (value == null) {
            MDC.remove(key.text);
        } else {
            MDC.put(key.text, value);
        }
    }

    private Facts with(Key key, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        String text = value.toString();
        Map<Key, String> more = new EnumMap<>(Key.class);
        more.putAll(values);
        more.put(key, text.substring(0, Math.min(text.length(), LONGEST)));
        return new Facts(more);
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
