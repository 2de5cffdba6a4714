package caravan.gateway.session.family;

import java.util.Locale;

/** Why a session ended before its time. */
public enum RevokeReason {
    LOGOUT,
    REVOKED,
    REUSE;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
