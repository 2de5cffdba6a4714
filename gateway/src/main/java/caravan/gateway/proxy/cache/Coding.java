package caravan.gateway.proxy.cache;

import java.util.List;

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
        return Accepting.takes(acceptEncoding, "gzip"::equals) ? GZIP : IDENTITY;
    }
}
