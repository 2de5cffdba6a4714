package caravan.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesTest {

    private static final Map<String, String> RULES = Map.ofEntries(
            Map.entry("policy.address.by", "address"),
            Map.entry("policy.address.quota", "20000"),
            Map.entry("policy.address.window", "10s"),
            Map.entry("policy.auth.by", "address"),
            Map.entry("policy.auth.quota", "20"),
            Map.entry("policy.auth.window", "60s"),
            Map.entry("policy.auth.routes", "auth"),
            Map.entry("policy.default.quota", "100"),
            Map.entry("policy.default.window", "10s"),
            Map.entry("policy.login.by", "account"),
            Map.entry("policy.login.quota", "10"),
            Map.entry("policy.login.window", "60s"));

    @Test
    void appliesPoliciesByRouteClassWithTheDefaultFirst() {
        Policies policies = policies(Map.of());

        assertThat(names(policies.forRoute("auth"))).containsExactly("default", "address", "auth");
        assertThat(names(policies.forRoute("orders"))).containsExactly("default", "address");
        assertThat(names(policies.forAccount())).containsExactly("login");
    }

    @Test
    void leavesOutWhatIsOff() {
        Policies policies = policies(Map.of("policy.address.mode", "off", "policy.login.mode", "off"));

        assertThat(names(policies.forRoute("orders"))).containsExactly("default");
        assertThat(policies.forAccount()).isEmpty();
    }

    @Test
    void startsOnlyWithCostsThatABucketCanPay() {
        Policies policies = policies(Map.of());

        policies.requireAffordable("orders", 100);

        assertThatThrownBy(() -> policies.requireAffordable("auth", 21))
                .hasMessage("Route class auth costs 21: it must be between 1 and the quota of 20 of "
                        + "caravan.gateway.limits.policy.auth, or nobody could ever call it");
        assertThatThrownBy(() -> policies.requireAffordable("orders", 0)).hasMessageContaining("costs 0");
    }

    @ParameterizedTest
    @CsvSource({
        "policy.default.quota, 0, quota must be",
        "policy.default.quota, 1000001, quota must be",
        "policy.default.window, 500ms, window must be",
        "policy.default.window, 1500ms, window must be",
        "policy.default.window, 2h, window must be",
        "policy.login.routes, auth, it has no routes"
    })
    void refusesNonsense(String key, String value, String message) {
        assertThatThrownBy(() -> policies(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("caravan.gateway.limits.policy.")
                .hasMessageContaining(message);
    }

    private static Policies policies(Map<String, String> changed) {
        Map<String, String> rules = new HashMap<>(RULES);
        rules.putAll(changed);
        return new Policies(OneGateway.config(rules).policy());
    }

    private static List<String> names(List<Policy> policies) {
        return policies.stream().map(Policy::name).toList();
    }
}
