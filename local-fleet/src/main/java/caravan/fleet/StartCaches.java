package caravan.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Archives with each program's classes loaded and linked ahead of time: about half of the work of a start. A start without one lists the classes that it loads; when
 * the fleet is down, {@link StartCacheMaker} makes the archives of the lists. Lists, because the JVM's other way ({@code -XX:AOTMode=record}) doubles the work of the
 * start that records, writes only at an orderly end, and its caches start no quicker. Only where the folder exists: a fleet of a test that starts once would pay
 * for the list alone.
 */
record StartCaches(Path folder) {
    static final String RECORDED = ".recorded";
    private static final String RECORDING = ".recording";

    /** Cautious: what the cache depends on but the name does not say, the JVM sees for itself, and does without it. */
    private static final int NAME_BYTES = 8;

    static StartCaches of(DataFolder data) {
        return new StartCaches(data.root().resolve("aot"));
    }

    void enable() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new FleetException("Cannot write to " + folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * What a start of the program needs besides its own flags.
     *
     * @param runner a jar in a folder with all the others that it uses
     */
    List<String> flags(String program, List<String> jvmFlags, Path runner) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try {
            return flags(new Entry(folder, program + "-" + fingerprint(jvmFlags, runner)), program, jvmFlags, runner);
        } catch (IOException | UncheckedIOException _) {
            // A folder that is being rebuilt or a full disk: the start does not depend on it.
            return List.of();
        }
    }

    private List<String> flags(Entry entry, String program, List<String> jvmFlags, Path runner) throws IOException {
        if (Files.exists(entry.cache())) {
            return quiet("-XX:SharedArchiveFile=" + entry.cache());
        }
        if (Files.exists(entry.recorded())) {
            // The making was cut short; the next end of the fleet goes on with it.
            return List.of();
        }
        forget(program);
        entry.writeArguments(jvmFlags, runner);
        return quiet("-XX:DumpLoadedClassList=" + entry.recording());
    }

    private static List<String> quiet(String... flags) {
        return Stream.concat(Stream.of(flags), Stream.of("-Xlog:disable", "-Xlog:all=error:stderr"))
                .toList();
    }

    /** The list of a start that failed would make a poor archive: it counts from now on, and grows on as the JVM has it open. */
    void started(String program) {
        for (Entry entry : entries(RECORDING)) {
            if (entry.program().equals(program)) {
                try {
                    Files.move(entry.recording(), entry.recorded(), StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException _) {
                    // Recorded again at the next start.
                }
            }
        }
    }

    List<Entry> recorded() {
        return entries(RECORDED);
    }

    private List<Entry> entries(String suffix) {
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(suffix))
                    .sorted()
                    .map(name -> new Entry(folder, name.substring(0, name.length() - suffix.length())))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void forget(String program) throws IOException {
        try (DirectoryStream<Path> old = Files.newDirectoryStream(folder, program + "-*")) {
            for (Path file : old) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static String fingerprint(List<String> jvmFlags, Path runner) throws IOException {
        List<String> facts = new ArrayList<>(jvmFlags);
        facts.add(Runtime.version() + " " + System.getProperty("java.home"));
        try (Stream<Path> files = Files.walk(runner.toAbsolutePath().getParent())) {
            for (Path jar : files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList()) {
                facts.add(jar + " " + Files.size(jar) + " "
                        + Files.getLastModifiedTime(jar).toMillis());
            }
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", facts).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, NAME_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The files of one program in one state of it. */
    record Entry(Path folder, String name) {
        Path cache() {
            return folder.resolve(name + ".jsa");
        }

        Path draft() {
            return folder.resolve(name + ".draft");
        }

        Path recording() {
            return folder.resolve(name + RECORDING);
        }

        Path recorded() {
            return folder.resolve(name + RECORDED);
        }

        /** Why a cache could not be made. */
        Path log() {
            return folder.resolve(name + ".log");
        }

        /** For {@code java @file}: whoever makes the cache needs to know nothing about the program. */
        Path arguments() {
            return folder.resolve(name + ".arguments");
        }

        String program() {
            return name.substring(0, name.lastIndexOf('-'));
        }

        private void writeArguments(List<String> jvmFlags, Path runner) throws IOException {
            List<String> arguments = new ArrayList<>(jvmFlags);
            arguments.addAll(List.of(
                    // All of its classes at once, besides what the program itself may have.
                    "-Xmx256m",
                    "-XX:MaxMetaspaceSize=256m",
                    "-Xshare:dump",
                    "-XX:+AOTClassLinking",
                    "-XX:SharedClassListFile=" + recorded(),
                    "-XX:SharedArchiveFile=" + draft(),
                    "-jar",
                    runner.toString()));
            Files.write(arguments(), arguments.stream().map(Entry::quoted).toList());
        }

        private static String quoted(String argument) {
            return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
    }
}
