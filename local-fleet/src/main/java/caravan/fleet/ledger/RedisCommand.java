package caravan.fleet.ledger;

import caravan.fleet.FleetException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A word to Redis, as an inline command of its protocol. */
final class RedisCommand {

    private static final int BOUND_MS = 5000;
    private static final String OK = "+OK";

    private RedisCommand() {}

    /** @throws FleetException when the answer is not OK */
    static void send(int port, String word) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(BOUND_MS);
            socket.getOutputStream().write((word + "\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readNBytes(OK.length()), StandardCharsets.US_ASCII);
            if (!answer.equals(OK)) {
                throw new FleetException("Redis answered '" + answer + "' to " + word + ".");
            }
        } catch (IOException e) {
            throw new FleetException("Redis does not answer: " + e.getMessage(), e);
        }
    }
}
