package caravan.common.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * For containers without a shell: ends with 0 when this machine's {@code <port> <path>} answers 200 within {@value #BOUND_MS} ms, else with 1. Plain sockets, since
 * a JVM is started for each look, and an HTTP client would cost it more than the rest.
 */
final class Healthy {

    private static final int BOUND_MS = 2000;
    private static final byte[] OK = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);

    private Healthy() {}

    public static void main(String[] arguments) {
        System.exit(answers(Integer.parseInt(arguments[0]), arguments[1]) ? 0 : 1);
    }

    static boolean answers(int port, String path) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BOUND_MS);
            socket.setSoTimeout(BOUND_MS);
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return Arrays.equals(socket.getInputStream().readNBytes(OK.length), OK);
        } catch (IOException _) {
            return false;
        }
    }
}
