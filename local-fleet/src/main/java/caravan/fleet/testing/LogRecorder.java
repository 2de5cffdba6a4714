package caravan.fleet.testing;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jspecify.annotations.Nullable;

/** Hears every line that this JVM logs, also what the level would hide of our own packages, until it is closed. */
public final class LogRecorder extends Handler implements AutoCloseable {
    private static final String OURS = "caravan";

    /** A line with the keys that stand beside its message, and the fault that was told with it. */
    public record Line(
            Level level,
            String logger,
            String message,
            Map<String, String> keys,
            @Nullable Throwable fault) {}

    private final Formatter message = new PatternFormatter("%s");
    private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
    private final Logger root = Logger.getLogger("");
    private final Logger ours = Logger.getLogger(OURS);

    private LogRecorder() {
        setLevel(Level.ALL);
    }

    public static LogRecorder start() {
        LogRecorder recorder = new LogRecorder();
        recorder.root.addHandler(recorder);
        recorder.ours.setLevel(Level.ALL);
        return recorder;
    }

    public List<Line> lines() {
        return List.copyOf(lines);
    }

    /** Lines of our own packages. */
    public List<Line> ours() {
        return lines.stream().filter(line -> line.logger().startsWith(OURS)).toList();
    }

    /** All that was told, faults with their causes included, to look for what must not be there. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Line line : lines) {
            text.append(line.message()).append(' ').append(line.keys()).append('\n');
            for (Throwable fault = line.fault(); fault != null; fault = fault.getCause()) {
                text.append(fault).append('\n');
            }
        }
        return text.toString();
    }

    @Override
    public void publish(LogRecord entry) {
        lines.add(new Line(
                entry.getLevel(),
                String.valueOf(entry.getLoggerName()),
                message.format(entry),
                entry instanceof ExtLogRecord more ? Map.copyOf(more.getMdcCopy()) : Map.of(),
                entry.getThrown()));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        root.removeHandler(this);
        ours.setLevel(null);
    }
}
