package caravan.notification;

import java.util.Locale;

/** The states of a mail, as the table and the metrics name them. */
enum State {
    PENDING,
    SENDING,
    SENT,
    FAILED,
    UNCERTAIN;

    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
