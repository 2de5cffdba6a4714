package caravan.gateway.proxy.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is known, in a bounded number of bytes. Which of two is forgotten first Caffeine decides by how often they were asked
 * for lately (W-TinyLFU): many that are asked for once take no room from those that are asked for often. Any thread.
 */
final class Memory {

    private static final Slot SPLIT = new Slot.Split();
    private static final Slot OPEN = new Slot.Open();

    private final Cache<Key, Slot> slots;
    private final Ticker clock;
    private final ObjLongConsumer<Key> left;

    /** @param left hears of hits on what is forgotten, that nobody was told of; must be quick */
    Memory(long mostBytes, Ticker clock, ObjLongConsumer<Key> left) {
        this.clock = clock;
        this.left = left;
        this.slots = Caffeine.newBuilder()
                .maximumWeight(mostBytes)
                .<Key, Slot>weigher((key, slot) -> key.bytes() + slot.weight())
                .expireAfter(Expiry.<Key, Slot>writing((_, slot) -> slot.life(nowMs())))
                .evictionListener((key, slot, _) -> leave(key, slot))
                .ticker(clock)
                // A few steps on the event loop are less than to wake a thread for them.
                .executor(Runnable::run)
                .build();
    }

    /** In milliseconds of a clock that only goes on. */
    long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(clock.read());
    }

    @Nullable
    Slot find(Key key) {
        return slots.getIfPresent(key);
    }

    Slot.@Nullable Held held(Key key) {
        return find(key) instanceof Slot.Held held ? held : null;
    }

    /** Unless there is one that was asked for later. */
    void keep(Key key, Answer answer) {
        slots.asMap().compute(key, (_, before) -> {
            if (!(before instanceof Slot.Held held)) {
                return new Slot.Held(answer, new Usage());
            }
            return held.answer().askedAtMs() > answer.askedAtMs() ? held : new Slot.Held(answer, held.usage());
        });
        if (key.coding() != Coding.ANY) {
            slots.put(key.in(Coding.ANY), SPLIT);
        }
    }

    /** It is not for a cache. */
    void open(Key key) {
        leave(key, slots.asMap().put(key, OPEN));
    }

    void forget(Key key) {
        leave(key, slots.asMap().remove(key));
    }

    private void leave(@Nullable Key key, @Nullable Slot slot) {
        if (key != null && slot instanceof Slot.Held held && held.usage().hits() > 0) {
            left.accept(key, held.usage().take());
        }
    }

    /** Looks for what has had its time: otherwise that is found out only when something else is asked for. */
    void tidy() {
        slots.cleanUp();
    }

    long bytes() {
        return slots.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
    }

    long entries() {
        return slots.estimatedSize();
    }
}
