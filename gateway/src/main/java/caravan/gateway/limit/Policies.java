package caravan.gateway.limit;

import caravan.gateway.limit.LimitsConfig.PolicyRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Which policies apply to what. Refuses what cannot be meant. */
final class Policies {

    /** What the headers name first. */
    static final String DEFAULT = "default";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    private final List<Policy> all = new ArrayList<>();
    private final Map<String, Set<String>> routes = new TreeMap<>();

    /** Route classes are a closed set, written in the code. */
    private final Map<String, List<Policy>> byRoute = new ConcurrentHashMap<>();

    private final List<Policy> byAccount;

    /** @throws IllegalArgumentException naming the key of the configuration and what is wrong with it */
    Policies(Map<String, PolicyRules> rules) {
        new TreeMap<>(rules).forEach(this::add);
        all.sort(Comparator.comparing(policy -> !policy.name().equals(DEFAULT)));
        byAccount = all.stream().filter(policy -> policy.by() == By.ACCOUNT).toList();
    }

    /** Those that are switched on, the one named {@code default} first. */
    List<Policy> all() {
        return all;
    }

    List<Policy> forRoute(String routeClass) {
        return byRoute.computeIfAbsent(routeClass, this::find);
    }

    List<Policy> forAccount() {
        return byAccount;
    }

    Duration longestWindow() {
        long us =
                all.stream().mapToLong(policy -> policy.rate().windowUs()).max().orElse(1);
        return Duration.ofNanos(us * 1000);
    }

    /** @throws IllegalArgumentException when a full bucket could not pay for it */
    void requireAffordable(String routeClass, int cost) {
        for (Policy policy : forRoute(routeClass)) {
            if (cost < 1 || cost > policy.rate().quota()) {
                throw new IllegalArgumentException(
                        ("Route class %s costs %d: it must be between 1 and the quota of %d of "
                                        + "caravan.gateway.limits.policy.%s, or nobody could ever call it")
                                .formatted(routeClass, cost, policy.rate().quota(), policy.name()));
            }
        }
    }

    private List<Policy> find(String routeClass) {
        return all.stream()
                .filter(policy -> policy.by() != By.ACCOUNT && applies(policy, routeClass))
                .toList();
    }

    private boolean applies(Policy policy, String routeClass) {
        Set<String> only = routes.get(policy.name());
        return only == null || only.contains(routeClass);
    }

    private void add(String name, PolicyRules rules) {
        check(name, rules);
        rules.routes().ifPresent(only -> routes.put(name, only));
        if (rules.mode() != Mode.OFF) {
            Rate rate = new Rate(rules.quota(), micros(rules.window()));
            all.add(new Policy(all.size(), name, rules.by(), rules.mode(), rate));
        }
    }

    private static void check(String name, PolicyRules rules) {
        require(NAME.matcher(name).matches(), name, "is no name: lower-case letters, digits and dashes");
        require(rules.quota() >= 1 && rules.quota() <= 1_000_000, name, "quota must be 1 to 1000000");
        Duration window = rules.window();
        require(
                window.equals(Duration.ofSeconds(window.toSeconds()))
                        && window.toSeconds() >= 1
                        && window.compareTo(Duration.ofHours(1)) <= 0,
                name,
                "window must be whole seconds, from 1s to 1h");
        require(rules.routes().map(only -> !only.isEmpty()).orElse(true), name, "routes must not be empty");
        require(
                rules.by() != By.ACCOUNT || rules.routes().isEmpty(),
                name,
                "is by account, which the login asks for itself: it has no routes");
    }

    private static void require(boolean holds, String name, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("caravan.gateway.limits.policy." + name + ": " + otherwise);
        }
    }

    private static long micros(Duration window) {
        return window.toNanos() / 1000;
    }
}
