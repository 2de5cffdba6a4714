package caravan.gateway.session.key;

import java.time.Instant;

/** @param since when the key came into this state */
record KeyAge(String kid, KeyState state, Instant since) {}
