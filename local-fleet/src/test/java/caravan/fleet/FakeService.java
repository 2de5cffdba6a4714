package caravan.fleet;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** What the supervisor sees of a service: a jar that answers its readiness check. */
final class FakeService {
    private FakeService() {}

    public static void main(String[] args) throws IOException {
        if (System.getenv("FAKE_TROUBLE") != null) {
            System.err.println("The configuration is wrong");
            System.exit(3);
        }
        int port = Integer.parseInt(System.getenv("QUARKUS_MANAGEMENT_PORT"));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/q/health/ready", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    /** A checkout in which every service is this one, and the broker is the real one. */
    static Path checkout(Path folder) throws IOException {
        Path target = Files.createDirectories(folder.resolve("local-fleet/target/kafka"));
        Files.writeString(folder.resolve("caravan"), "");
        Files.createSymbolicLink(target.resolve("lib"), Checkout.find().kafkaLib());
        for (String service : Ports.SERVICES) {
            jar(new Checkout(folder).runnerJar(service));
        }
        return folder;
    }

    private static void jar(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeService.class.getName());
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            jar.putNextEntry(new JarEntry("caravan/fleet/FakeService.class"));
            try (var bytes = Objects.requireNonNull(FakeService.class.getResourceAsStream("FakeService.class"))) {
                bytes.transferTo(jar);
            }
        }
    }
}
