package caravan.fleettests;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client that asks again and again on one HTTP/1.1 connection, until an answer says that it was the last (RFC 9112, 9.6), and then on a new one. Other
 * clients hide it when a server cuts off a connection that it let them keep: they ask once more. This one fails. One thread.
 */
final class KeptConnection implements AutoCloseable {

    private static final int BOUND_MS = 20_000;

    private final URI resource;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    KeptConnection(URI resource) {
        this.resource = resource;
    }

    /**
     * Gives the status.
     *
     * @throws IOException when there is no answer; the next one is asked for on a new connection
     */
    int ask() throws IOException {
        try {
            Socket to = socket();
            to.getOutputStream()
                    .write(("GET " + resource.getPath() + " HTTP/1.1\r\nHost: " + resource.getAuthority() + "\r\n\r\n")
                            .getBytes(US_ASCII));
            return answer();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private Socket socket() throws IOException {
        Socket open = socket;
        if (open == null) {
            open = new Socket(resource.getHost(), resource.getPort());
            open.setSoTimeout(BOUND_MS);
            socket = open;
            in = new BufferedInputStream(open.getInputStream());
        }
        return open;
    }

    private int answer() throws IOException {
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        int length = 0;
        boolean last = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).strip());
            }
            last |= header.equals("connection: close");
        }
        if (in().readNBytes(length).length < length) {
            throw new EOFException("the connection ended within an answer");
        }
        if (last) {
            close();
        }
        return status;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in().read(); c != '\n'; c = in().read()) {
            if (c < 0) {
                throw new EOFException("the connection ended before its answer");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    private InputStream in() {
        return Objects.requireNonNull(in);
    }

    @Override
    public void close() throws IOException {
        Socket open = socket;
        socket = null;
        in = null;
        if (open != null) {
            open.close();
        }
    }
}
