package caravan.gateway.proxy.cache;

import java.util.List;
import java.util.Locale;

/** The content coding that a client gets. {@code Accept-Encoding} has endless spellings, and what they ask for is one of two. */
enum Coding {
    /** For answers that are the same to all. */
    ANY("identity"),
    IDENTITY("identity"),
    GZIP("gzip");

    private final String token;

    Coding(String token) {
        this.token = token;
    }

    /** What the service is asked for. */
    String token() {
        return token;
    }

    static Coding of(List<String> acceptEncoding) {
        for (String line : acceptEncoding) {
            for (String each : line.split(",", -1)) {
                String[] parts = each.strip().toLowerCase(Locale.ROOT).split("\\s*;\\s*", 2);
                if (parts[0].equals("gzip") && !(parts.length > 1 && Accepting.isRefused(parts[1]))) {
                    return GZIP;
                }
            }
        }
        return IDENTITY;
    }
}
