package caravan.gateway.session.key;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.gateway.session.key.KeyRollover.Policy;
import caravan.gateway.session.key.KeyRollover.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyRolloverTest {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final Policy POLICY =
            new Policy(Duration.ofDays(30), Duration.ofMinutes(10), Duration.ofSeconds(20 * 60 + 30));

    @Test
    void beginsWithACurrentKeyAndThenANextOne() {
        KeyAge current = new KeyAge("a", KeyState.CURRENT, START);

        assertThat(KeyRollover.decide(List.of(), START, POLICY)).contains(new Step.AddCurrent());
        assertThat(KeyRollover.decide(List.of(current), START, POLICY)).contains(new Step.AddNext());
        assertThat(KeyRollover.decide(List.of(current, new KeyAge("b", KeyState.NEXT, START)), START, POLICY))
                .isEmpty();
    }

    @Test
    void promotesTheNextKeyWhenTheCurrentOneIsOldEnough() {
        List<KeyAge> keys = List.of(new KeyAge("a", KeyState.CURRENT, START), new KeyAge("b", KeyState.NEXT, START));

        assertThat(KeyRollover.decide(keys, START.plus(Duration.ofDays(30)).minusMillis(1), POLICY))
                .isEmpty();
        assertThat(KeyRollover.decide(keys, START.plus(Duration.ofDays(30)), POLICY))
                .contains(new Step.Promote("a", "b"));
    }

    @Test
    void neverSignsWithAKeyThatVerifiersMayNotKnow() {
        Instant added = START.plus(Duration.ofDays(40));
        List<KeyAge> keys = List.of(new KeyAge("a", KeyState.CURRENT, START), new KeyAge("b", KeyState.NEXT, added));

        assertThat(KeyRollover.decide(keys, added.plus(Duration.ofMinutes(9)), POLICY))
                .isEmpty();
        assertThat(KeyRollover.decide(keys, added.plus(Duration.ofMinutes(10)), POLICY))
                .contains(new Step.Promote("a", "b"));
    }

    @Test
    void dropsAPreviousKeyWhenItsLastTokenIsGone() {
        List<KeyAge> keys = List.of(
                new KeyAge("a", KeyState.PREVIOUS, START),
                new KeyAge("b", KeyState.CURRENT, START),
                new KeyAge("c", KeyState.NEXT, START));

        assertThat(KeyRollover.decide(keys, START.plusSeconds(20 * 60 + 29), POLICY))
                .isEmpty();
        assertThat(KeyRollover.decide(keys, START.plusSeconds(20 * 60 + 30), POLICY))
                .contains(new Step.Drop("a"));
    }

    /**
     * A signer that learns of a rollover a minute late, a verifier whose key set is five minutes old, four rollovers: at
     * every moment of its life every token's key is in the verifier's set.
     */
    @Test
    void everyTokenVerifiesAtEveryMomentOfItsLife() {
        Policy hourly = new Policy(Duration.ofHours(1), POLICY.publishBefore(), POLICY.keepAfter());
        List<List<KeyAge>> everyMinute = simulate(hourly, 5 * 60);
        Set<String> signers = new HashSet<>();

        for (int signed = 1; signed < everyMinute.size() - 16; signed++) {
            String kid = current(everyMinute.get(signed - 1));
            signers.add(kid);
            for (int used = signed; used <= signed + 16; used++) {
                for (int cached = Math.max(0, used - 5); cached <= used; cached++) {
                    assertThat(everyMinute.get(cached))
                            .as("signed in minute %d, used in %d with the keys of %d", signed, used, cached)
                            .anyMatch(key -> key.kid().equals(kid));
                }
            }
        }
        assertThat(signers).hasSizeGreaterThanOrEqualTo(4);
        assertThat(everyMinute.getLast()).hasSizeLessThanOrEqualTo(3);
    }

    private static List<List<KeyAge>> simulate(Policy policy, int minutes) {
        List<List<KeyAge>> everyMinute = new ArrayList<>();
        List<KeyAge> keys = new ArrayList<>();
        for (int minute = 0; minute < minutes; minute++) {
            Instant now = START.plus(Duration.ofMinutes(minute));
            Optional<Step> step = KeyRollover.decide(keys, now, policy);
            while (step.isPresent()) {
                keys = apply(step.get(), keys, now);
                step = KeyRollover.decide(keys, now, policy);
            }
            everyMinute.add(List.copyOf(keys));
        }
        return everyMinute;
    }

    private static List<KeyAge> apply(Step step, List<KeyAge> keys, Instant now) {
        List<KeyAge> after = new ArrayList<>(keys);
        String fresh = "key-" + keys.size() + "-" + now;
        switch (step) {
            case Step.AddCurrent _ -> after.add(new KeyAge(fresh, KeyState.CURRENT, now));
            case Step.AddNext _ -> after.add(new KeyAge(fresh, KeyState.NEXT, now));
            case Step.Promote(String current, String next) -> {
                after.removeIf(key -> Set.of(current, next).contains(key.kid()));
                after.add(new KeyAge(current, KeyState.PREVIOUS, now));
                after.add(new KeyAge(next, KeyState.CURRENT, now));
            }
            case Step.Drop(String kid) -> after.removeIf(key -> key.kid().equals(kid));
        }
        return after;
    }

    private static String current(List<KeyAge> keys) {
        return keys.stream()
                .filter(key -> key.state() == KeyState.CURRENT)
                .map(KeyAge::kid)
                .findFirst()
                .orElseThrow();
    }
}
