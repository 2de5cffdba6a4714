package caravan.manifests;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What an operator applies before there is a release: the README's step, as its commands say. */
final class DataPlane {

    private static final Pattern APPLIED = Pattern.compile("`kubectl apply -n caravan -([fk]) (\\S+)`");

    private DataPlane() {}

    static List<Manifest> manifests() {
        String step = Sources.found("k8s/README.md", "\\n(6\\. \\*\\*Data plane\\*\\*.*?)\\n7\\. ");
        return APPLIED.matcher(step)
                .results()
                .flatMap(command -> applied(command).stream())
                .toList();
    }

    private static List<Manifest> applied(MatchResult command) {
        Path what = Path.of(command.group(2));
        return Manifest.all(
                command.group(1).equals("f") ? Sources.text(what) : Programs.rendered(Clone.CHECKOUT.resolve(what)));
    }
}
