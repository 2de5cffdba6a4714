package caravan.fleet;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./caravan sagas} and {@code ./caravan dead-letters}: what the operators' API offers, from the shell. Without an id a verb is for all that the filter
 * finds, thousand by thousand.
 */
final class OpsCommand {
    /** What the two commands differ in; {@code bulk} is where a verb for many goes, up to the filter, {@code line} shows one in a list. */
    record Things(
            String path,
            UnaryOperator<String> bulk,
            Set<String> verbs,
            Set<String> filters,
            Function<JsonObject, String> line) {
        static final Things SAGAS = new Things(
                "/api/v1/ops/sagas",
                verb -> "/api/v1/ops/sagas/repair?verb=" + verb + "&",
                Set.of("retry", "compensate", "skip", "resume"),
                Set.of("state", "type", "step", "olderThan"),
                OpsCommand::saga);
        static final Things DEAD_LETTERS = new Things(
                "/api/v1/ops/dead-letters",
                verb -> "/api/v1/ops/dead-letters/" + verb + "?",
                Set.of("replay", "discard"),
                Set.of("state", "topic", "cause"),
                OpsCommand::letter);
    }

    private static final Set<String> FOR_ONE = Set.of("reason", "step");

    private final Things things;
    private final Session operator;
    private final PrintStream out;

    private OpsCommand(Things things, Session operator, PrintStream out) {
        this.things = things;
        this.operator = operator;
        this.out = out;
    }

    /** Exit code 0 when all of it was done. */
    static int run(Things things, List<String> words, URI gateway, Credentials.Login login, PrintStream out) {
        Words asked = Words.parse(things, words);
        try (Session operator = Session.login(gateway, login)) {
            return new OpsCommand(things, operator, out).run(asked);
        }
    }

    private int run(Words asked) {
        return switch (asked.verb) {
            case "list" -> list(asked);
            case "show" -> show(asked.mustId());
            default -> asked.id == null ? all(asked) : one(asked, asked.id);
        };
    }

    private int list(Words asked) {
        JsonObject page = operator.get(things.path + "?" + asked.query(Map.of()));
        JsonArray items = page.getJsonArray("items");
        for (int i = 0; i < items.size(); i++) {
            out.println(things.line.apply(items.getJsonObject(i)));
        }
        out.println(items.isEmpty() ? "None." : items.size() + (page.containsKey("nextCursor") ? ", and more." : "."));
        return 0;
    }

    private int show(String id) {
        out.println(operator.get(things.path + "/" + id).encodePrettily());
        return 0;
    }

    private int one(Words asked, String id) {
        JsonObject body = new JsonObject();
        asked.options.forEach((name, value) -> {
            if (FOR_ONE.contains(name)) {
                body.put(name, value);
            }
        });
        JsonObject now = operator.call(operator.request(things.path + "/" + id + "/" + asked.verb)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.encode())));
        out.println(things.line.apply(now));
        return 0;
    }

    /** Thousand by thousand, until a round finds nothing that it can do. */
    private int all(Words asked) {
        JsonObject total = new JsonObject().put("matched", 0).put("done", 0);
        JsonObject round;
        do {
            round = operator.call(
                    operator.request(things.bulk.apply(asked.verb) + asked.query(Map.of("dryRun", "" + asked.dryRun)))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(asked.reason().encode())));
            add(total, round);
            out.println("  " + round.encode());
        } while (!asked.dryRun && round.getInteger("done") > 0 && round.getInteger("matched") >= Words.ROUND);
        out.println(
                asked.dryRun
                        ? total.getInteger("matched") + " would be asked (at most " + Words.ROUND + " are counted)."
                        : "%d of %d are done.".formatted(total.getInteger("done"), total.getInteger("matched")));
        return asked.dryRun || total.getInteger("done").equals(total.getInteger("matched")) ? 0 : 1;
    }

    private static void add(JsonObject total, JsonObject round) {
        for (String name : List.of("matched", "done")) {
            total.put(name, total.getInteger(name) + round.getInteger(name));
        }
    }

    private static String saga(JsonObject saga) {
        return "%s  %-12s %-11s %-17s try %-2d %s%s"
                .formatted(
                        saga.getString("id"),
                        saga.getString("type"),
                        saga.getString("phase"),
                        saga.getString("step", ""),
                        saga.getInteger("attempt"),
                        age(saga.getString("startedAt")),
                        failure(saga.getJsonObject("failure")));
    }

    private static String letter(JsonObject letter) {
        return "%s  %-9s %-25s %s  %s  %s"
                .formatted(
                        letter.getString("id"),
                        letter.getString("state"),
                        letter.getString("topic"),
                        age(letter.getString("failedAt")),
                        letter.getString("messageId", "(no id)"),
                        letter.getString("cause"));
    }

    private static String failure(@Nullable JsonObject failure) {
        return failure == null ? "" : "  " + failure.getString("code");
    }

    private static String age(String since) {
        Duration age = Duration.between(Instant.parse(since), Instant.now());
        return age.toMinutes() < 2
                ? age.toSeconds() + " s"
                : age.toHours() < 2 ? age.toMinutes() + " min" : age.toHours() + " h";
    }

    /** The words after the command. */
    private record Words(String verb, @Nullable String id, boolean dryRun, Map<String, String> options) {
        static final int ROUND = 1000;

        static Words parse(Things things, List<String> words) {
            Deque<String> rest = new ArrayDeque<>(words);
            List<String> plain = new ArrayList<>();
            Map<String, String> options = new LinkedHashMap<>();
            boolean dryRun = false;
            while (!rest.isEmpty()) {
                String word = rest.pop();
                if (word.equals("--dry-run")) {
                    dryRun = true;
                } else if (word.startsWith("--")) {
                    options.put(option(things, word), value(rest, word));
                } else {
                    plain.add(word);
                }
            }
            String verb = plain.isEmpty() ? "list" : plain.getFirst();
            if (!things.verbs.contains(verb) && !Set.of("list", "show").contains(verb)) {
                throw new FleetException("There is no '" + verb + "' here; there are list, show, "
                        + things.verbs.stream().sorted().collect(Collectors.joining(", ")) + ".");
            }
            return new Words(verb, plain.size() > 1 ? plain.get(1) : null, dryRun, options);
        }

        private static String option(Things things, String word) {
            String name = word.equals("--older-than") ? "olderThan" : word.substring(2);
            if (!things.filters.contains(name) && !Set.of("reason", "limit").contains(name)) {
                throw new FleetException("There is no option " + word + " here.");
            }
            return name;
        }

        private static String value(Deque<String> rest, String option) {
            String value = OptionWords.value(rest, option);
            // 5m, 2h, 1d as well as ISO 8601.
            return option.equals("--older-than") && value.matches("\\d+[smhd]")
                    ? (value.endsWith("d") ? "P" : "PT") + value.toUpperCase(Locale.ROOT)
                    : value;
        }

        String mustId() {
            if (id == null) {
                throw new FleetException("show needs an id.");
            }
            return id;
        }

        JsonObject reason() {
            JsonObject body = new JsonObject();
            if (options.containsKey("reason")) {
                body.put("reason", options.get("reason"));
            }
            return body;
        }

        String query(Map<String, String> more) {
            Map<String, String> all = new LinkedHashMap<>(options);
            all.remove("reason");
            all.putAll(more);
            return all.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"));
        }
    }
}
