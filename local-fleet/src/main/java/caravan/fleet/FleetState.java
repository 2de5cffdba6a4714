package caravan.fleet;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * What the supervisor tells other processes about its fleet, in {@code run/state.json}.
 *
 * @param ready whether the first start is complete
 */
record FleetState(boolean ready, List<PartState> parts) {
    /** A part now; {@code pid} is 0 while there is no process. */
    record PartState(String name, List<Integer> ports, long pid, int restarts) {}

    void write(DataFolder folder) {
        JsonArray list = new JsonArray();
        parts.forEach(part -> list.add(new JsonObject()
                .put("name", part.name())
                .put("ports", new JsonArray(part.ports()))
                .put("pid", part.pid())
                .put("restarts", part.restarts())));
        String text = new JsonObject().put("ready", ready).put("parts", list).encodePrettily();
        try {
            // Replaced as a whole, so that no reader ever sees half of it.
            Path draft = Files.writeString(folder.run("state.json.draft"), text);
            Files.move(draft, file(folder), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new FleetException("Cannot write " + file(folder) + ": " + e.getMessage(), e);
        }
    }

    static Optional<FleetState> read(DataFolder folder) {
        try {
            JsonObject json = new JsonObject(Files.readString(file(folder)));
            List<PartState> parts = json.getJsonArray("parts").stream()
                    .map(JsonObject.class::cast)
                    .map(FleetState::part)
                    .toList();
            return Optional.of(new FleetState(json.getBoolean("ready"), parts));
        } catch (IOException | DecodeException _) {
            return Optional.empty();
        }
    }

    static void remove(DataFolder folder) {
        try {
            Files.deleteIfExists(file(folder));
        } catch (IOException e) {
            throw new FleetException("Cannot remove " + file(folder) + ": " + e.getMessage(), e);
        }
    }

    private static PartState part(JsonObject json) {
        List<Integer> ports =
                json.getJsonArray("ports").stream().map(Integer.class::cast).toList();
        return new PartState(json.getString("name"), ports, json.getLong("pid"), json.getInteger("restarts"));
    }

    private static Path file(DataFolder folder) {
        return folder.run("state.json");
    }
}
