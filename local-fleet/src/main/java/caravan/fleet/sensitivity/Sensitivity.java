package caravan.fleet.sensitivity;

import caravan.fleet.FleetException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code ./caravan sensitivity}: plants each mutant, runs its test, tells what was found. */
public final class Sensitivity {

    /** Instead of the mutants: that their tests pass without them. */
    private static final String UNHARMED = "--unharmed";

    /** @param took with its compilation */
    private record Finding(Mutant mutant, Verdict verdict, Duration took) {

        boolean isCaught() {
            return verdict instanceof Verdict.Caught;
        }
    }

    private final Path checkout;
    private final Path folder;
    private final Path maven;
    private final PrintStream out;

    private Sensitivity(Path checkout, Path maven, PrintStream out) {
        this.checkout = checkout;
        this.folder = checkout.resolve("local-fleet/target/sensitivity");
        this.maven = maven;
        this.out = out;
    }

    /**
     * Exit code 0 when all were caught.
     *
     * @param words names of mutants, all when there is none; {@code --unharmed}
     * @param maven its program
     */
    public static int run(List<String> words, Path checkout, Path maven, PrintStream out) {
        boolean unharmed = words.contains(UNHARMED);
        List<Mutant> mutants = chosen(
                Mutant.all(checkout),
                words.stream().filter(word -> !word.equals(UNHARMED)).toList());
        return new Sensitivity(checkout, maven, out).run(mutants, unharmed);
    }

    private static List<Mutant> chosen(List<Mutant> all, List<String> names) {
        Set<String> known = all.stream().map(Mutant::name).collect(Collectors.toSet());
        names.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
            throw new FleetException("There is no mutant '" + name + "'; there are: " + String.join(" ", known) + ".");
        });
        return names.isEmpty()
                ? all
                : all.stream().filter(mutant -> names.contains(mutant.name())).toList();
    }

    private int run(List<Mutant> chosen, boolean unharmed) {
        List<Mutant> mutants = unharmed ? onePerTest(chosen) : chosen;
        WorkingCopy copy = copy(mutants);
        List<Finding> findings = new ArrayList<>();
        for (Mutant mutant : mutants) {
            Finding finding = look(copy, mutant, unharmed);
            findings.add(finding);
            say("%d of %d: %-34s %s (%d s)"
                    .formatted(
                            findings.size(),
                            mutants.size(),
                            mutant.name(),
                            word(finding.verdict()),
                            finding.took().toSeconds()));
        }
        return unharmed ? tellUnharmed(findings) : tell(findings);
    }

    private static List<Mutant> onePerTest(List<Mutant> mutants) {
        Set<String> tests = new HashSet<>();
        return mutants.stream().filter(mutant -> tests.add(mutant.test())).toList();
    }

    private WorkingCopy copy(List<Mutant> mutants) {
        Set<String> modules = new LinkedHashSet<>();
        mutants.forEach(mutant -> {
            modules.add(mutant.module());
            mutant.patch()
                    .changes()
                    .forEach(change ->
                            modules.add(change.path().substring(0, change.path().indexOf('/'))));
        });
        say("%d mutants; building a copy of the sources in %s (two minutes)"
                .formatted(mutants.size(), checkout.relativize(folder)));
        return WorkingCopy.of(checkout, folder, maven.toString(), modules);
    }

    private Finding look(WorkingCopy copy, Mutant mutant, boolean unharmed) {
        long startedNs = System.nanoTime();
        Verdict verdict = unharmed ? test(copy, mutant) : plantAndTest(copy, mutant);
        return new Finding(mutant, verdict, Duration.ofNanos(System.nanoTime() - startedNs));
    }

    private Verdict plantAndTest(WorkingCopy copy, Mutant mutant) {
        Path log = folder.resolve(mutant.name() + ".compiler.log");
        try (Planting planting = Planting.of(copy, mutant, log)) {
            return planting.compiles() ? test(copy, mutant) : new Verdict.Broken("it does not compile: see " + log);
        } catch (FleetException e) {
            return new Verdict.Broken(String.valueOf(e.getMessage()));
        }
    }

    private Verdict test(WorkingCopy copy, Mutant mutant) {
        return TestRun.of(copy, mutant, mavenHome(), folder);
    }

    private String mavenHome() {
        try {
            return maven.toRealPath().resolveSibling("..").normalize().toString();
        } catch (IOException e) {
            throw new FleetException("There is no Maven at " + maven + ".", e);
        }
    }

    private int tell(List<Finding> findings) {
        out.println();
        out.println("| planted mistake | rule | caught by | how | s |");
        out.println("|---|---|---|---|---|");
        findings.stream()
                .sorted(Comparator.comparingInt(finding -> finding.mutant().ruleNumber()))
                .forEach(finding -> out.println(row(finding)));
        long caught = findings.stream().filter(Finding::isCaught).count();
        out.printf("%n%d of %d caught%n", caught, findings.size());
        return caught == findings.size() ? 0 : 1;
    }

    private int tellUnharmed(List<Finding> findings) {
        List<Finding> bad = findings.stream()
                .filter(finding -> !(finding.verdict() instanceof Verdict.Survived))
                .toList();
        bad.forEach(finding -> out.println(finding.mutant().test() + ": " + why(finding.verdict())));
        out.printf("%n%d of %d tests pass without a mutant%n", findings.size() - bad.size(), findings.size());
        return bad.isEmpty() ? 0 : 1;
    }

    private static String row(Finding finding) {
        Mutant mutant = finding.mutant();
        return "| %s: %s | %s | %s | %s | %d |"
                .formatted(
                        mutant.name(),
                        mutant.mistake(),
                        mutant.rule(),
                        mutant.shortTest(),
                        why(finding.verdict()).replace("|", "\\|"),
                        finding.took().toSeconds());
    }

    private static String why(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Caught(String how) -> how;
            case Verdict.Survived _ -> "NOT CAUGHT: the test passes";
            case Verdict.Broken(String reason) -> "BROKEN MUTANT: " + reason;
        };
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Caught _ -> "caught";
            case Verdict.Survived _ -> "passes";
            case Verdict.Broken(String reason) -> "broken mutant: " + reason;
        };
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
