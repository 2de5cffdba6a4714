package caravan.notification;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A mail server that answers the end of a mail as it is told, and accepts when it is told nothing. */
final class ScriptedSmtp implements AutoCloseable {

    static final String HANG_UP = "hang up";
    static final String SILENCE = "silence";

    private final ServerSocket server;
    private final Queue<String> script = new ConcurrentLinkedQueue<>();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final AtomicInteger whole = new AtomicInteger();

    ScriptedSmtp(int port) {
        try {
            server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::listen);
    }

    ScriptedSmtp willAnswer(String... endOfMail) {
        script.addAll(java.util.List.of(endOfMail));
        return this;
    }

    /** How many mails came with their end, whatever was answered. */
    int received() {
        return whole.get();
    }

    private void listen() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> talk(client));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void talk(Socket client) {
        try (client;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
            say(client, "220 scripted");
            boolean data = false;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (data && !line.equals(".")) {
                    continue;
                }
                String answer = data ? endOfMail() : answerTo(line);
                data = !data && line.equals("DATA");
                if (answer.equals(HANG_UP)) {
                    return;
                }
                if (!answer.equals(SILENCE)) {
                    say(client, answer);
                }
            }
        } catch (IOException _) {
            // The client is gone.
        }
    }

    private String endOfMail() {
        whole.incrementAndGet();
        String told = script.poll();
        return told == null ? "250 accepted" : told;
    }

    private static String answerTo(String line) {
        return line.equals("DATA") ? "354 go on" : line.startsWith("QUIT") ? "221 bye" : "250 fine";
    }

    private static void say(Socket client, String line) throws IOException {
        client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
