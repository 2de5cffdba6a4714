package caravan.manifests;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the services say of themselves, read from their sources: they need not be built. */
final class Sources {

    static final List<String> SERVICES = List.of(
            "gateway",
            "order-service",
            "saga-orchestrator",
            "inventory-service",
            "payment-service",
            "shipment-service",
            "notification-service");

    private static final Pattern CHANNEL = Pattern.compile("mp\\.messaging\\.incoming\\.[^.]+\\.topics?");

    private Sources() {}

    /** Its own settings and, below them, those of all. */
    static Properties settings(String service) {
        Properties all = new Properties();
        load(all, Path.of("common/src/main/resources/META-INF/microprofile-config.properties"));
        load(all, Path.of(service, "src/main/resources/application.properties"));
        return all;
    }

    /** Topics that it consumes by the group of its name. */
    static Set<String> consumed(String service) {
        Properties settings = settings(service);
        return settings.stringPropertyNames().stream()
                .filter(name -> CHANNEL.matcher(name).matches())
                .flatMap(name -> Stream.of(settings.getProperty(name).split(",")))
                .map(String::strip)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Java of these modules, as text by file. */
    static List<Path> java(Collection<String> modules) {
        return modules.stream()
                .map(module -> Clone.CHECKOUT.resolve(module).resolve("src/main/java"))
                .flatMap(Sources::walk)
                .toList();
    }

    static String text(Path file) {
        try {
            return Files.readString(Clone.CHECKOUT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first group of the pattern in a file. */
    static String found(String file, String pattern) {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text(Path.of(file)));
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in " + file);
        }
        return matcher.group(1);
    }

    private static Stream<Path> walk(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void load(Properties into, Path file) {
        try {
            into.load(new StringReader(text(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
