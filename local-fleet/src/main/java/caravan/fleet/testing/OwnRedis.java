package caravan.fleet.testing;

import caravan.fleet.Child;
import caravan.fleet.DataFolder;
import caravan.fleet.FleetException;
import caravan.fleet.RedisServer;
import java.io.IOException;

/** A Redis that belongs to one test, which may do to it what it likes. Always embedded. Not for several threads. */
public final class OwnRedis implements AutoCloseable {
    private final RedisServer part;
    private final DataFolder folder;
    private Child child;

    OwnRedis(RedisServer part, DataFolder folder) {
        this.part = part;
        this.folder = folder;
        this.child = started();
    }

    public String url() {
        return part.url();
    }

    public long pid() {
        return child.pid();
    }

    /** As a power cut would. */
    public void kill() {
        child.kill();
    }

    /** After a kill: on the same port, with what it had. */
    public void restart() {
        child = started();
    }

    /** It takes connections and says nothing more. */
    public void freeze() {
        signal("STOP");
    }

    public void thaw() {
        signal("CONT");
    }

    @Override
    public void close() {
        signal("CONT");
        child.kill();
    }

    private Child started() {
        return Child.start(part, folder).awaitReady();
    }

    private void signal(String name) {
        if (!child.alive()) {
            return;
        }
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(child.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new FleetException("Cannot send a signal: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }
}
