package caravan.manifests;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * The keys that a service declares: those of its settings files and of what these refer to, of every {@code @ConfigMapping} and {@code @ConfigProperty} of its
 * sources and common's, and of the Kafka client's login. A key that nobody declares is one that nobody reads.
 */
final class SettingKeys {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([a-z0-9.-]+)");

    /** Which of {@code kafka.*} reach every client: caravan.common.messaging.BrokerLogin. */
    private static final Pattern LOGIN = Pattern.compile("(security|sasl|ssl)\\..+");

    private final Map<String, ClassTree> types = new HashMap<>();
    private final Set<String> keys = new TreeSet<>();

    private SettingKeys() {}

    /** Patterns of environment variables. */
    static Set<Pattern> of(String service) {
        SettingKeys found = new SettingKeys();
        found.read(Sources.settings(service));
        found.parse(List.of("common", service));
        ConsumerConfig.configNames().stream()
                .filter(name -> LOGIN.matcher(name).matches())
                .forEach(name -> found.keys.add("kafka." + name));
        return found.keys.stream().map(SettingKeys::variable).collect(java.util.stream.Collectors.toSet());
    }

    /** As MicroProfile Config looks for it; {@code *} is a name of somebody's choice. */
    private static Pattern variable(String key) {
        String name = key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9*]", "_");
        return Pattern.compile(name.replace("*", "[A-Z0-9_]+"));
    }

    private void read(Properties settings) {
        settings.forEach((key, value) -> {
            keys.add(key.toString());
            references(value.toString());
        });
    }

    private void references(String value) {
        Matcher matcher = REFERENCE.matcher(value);
        while (matcher.find()) {
            keys.add(matcher.group(1));
        }
    }

    private void parse(List<String> modules) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    null,
                    List.of("-proc:none"),
                    null,
                    files.getJavaFileObjectsFromPaths(Sources.java(modules)));
            for (CompilationUnitTree unit : task.parse()) {
                unit.accept(new Finder(), null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List.copyOf(types.values())
                .forEach(type -> annotation(type.getModifiers().getAnnotations(), "ConfigMapping", "prefix")
                        .ifPresent(prefix -> mapping(type, prefix)));
    }

    /** All types by their simple names, which are used once for each mapping; and every {@code @ConfigProperty}. */
    private final class Finder extends TreeScanner<Void, Void> {
        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            String name = type.getSimpleName().toString();
            // A service's own wins over common's of that name: common is read first.
            types.put(name, type);
            return super.visitClass(type, null);
        }

        @Override
        public Void visitVariable(VariableTree variable, Void nothing) {
            annotation(variable.getModifiers().getAnnotations(), "ConfigProperty", "name")
                    .ifPresent(keys::add);
            return super.visitVariable(variable, null);
        }
    }

    private void mapping(ClassTree type, String prefix) {
        Stream.concat(type.getMembers().stream(), inherited(type)).forEach(member -> {
            if (member instanceof MethodTree method && method.getBody() == null) {
                property(type, method, prefix);
            }
        });
    }

    private Stream<? extends Tree> inherited(ClassTree type) {
        return type.getImplementsClause().stream()
                .flatMap(parent -> nested(type, parent).stream())
                .flatMap(parent -> parent.getMembers().stream());
    }

    private void property(ClassTree type, MethodTree method, String prefix) {
        var annotations = method.getModifiers().getAnnotations();
        String name = annotation(annotations, "WithName", "value")
                .orElseGet(() -> kebab(method.getName().toString()));
        annotation(annotations, "WithDefault", "value").ifPresent(this::references);
        value(type, method.getReturnType(), prefix + "." + name);
    }

    private void value(ClassTree within, Tree type, String key) {
        if (type instanceof ParameterizedTypeTree parameterized) {
            List<? extends Tree> arguments = parameterized.getTypeArguments();
            boolean named = parameterized.getType().toString().equals("Map");
            value(within, arguments.getLast(), named ? key + ".*" : key);
        } else {
            nested(within, type).ifPresentOrElse(group -> mapping(group, key), () -> keys.add(key));
        }
    }

    /** An interface of ours, which is a group of keys: within the type itself first. */
    private Optional<ClassTree> nested(ClassTree within, Tree type) {
        if (!(type instanceof IdentifierTree identifier)) {
            return Optional.empty();
        }
        String name = identifier.getName().toString();
        return within.getMembers().stream()
                .filter(ClassTree.class::isInstance)
                .map(ClassTree.class::cast)
                .filter(member -> member.getSimpleName().contentEquals(name))
                .findFirst()
                .or(() -> Optional.ofNullable(types.get(name)))
                .filter(found -> found.getKind() == Tree.Kind.INTERFACE);
    }

    private static Optional<String> annotation(
            List<? extends AnnotationTree> annotations, String name, String argument) {
        return annotations.stream()
                .filter(one -> one.getAnnotationType().toString().equals(name))
                .flatMap(one -> one.getArguments().stream())
                .flatMap(one -> text(one, argument).stream())
                .findFirst();
    }

    private static Optional<String> text(ExpressionTree argument, String wanted) {
        return switch (argument) {
            case AssignmentTree assignment
            when assignment.getVariable().toString().equals(wanted) -> text(assignment.getExpression(), wanted);
            case LiteralTree literal when literal.getValue() instanceof String text -> Optional.of(text);
            default -> Optional.empty();
        };
    }

    private static String kebab(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }
}
