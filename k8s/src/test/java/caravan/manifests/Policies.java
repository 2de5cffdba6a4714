package caravan.manifests;

import static caravan.manifests.Manifest.elements;
import static caravan.manifests.Manifest.texts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The policies as a cluster would keep them: which objects each is for, in which namespaces, and what its expressions say of one. What is used of CEL is its standard,
 * which a cluster has as well; dynamically typed here, so that a cluster knows more mistakes, not fewer.
 */
final class Policies {

    private static final Cel CEL = CelFactory.plannerCelBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("object", SimpleType.DYN)
            .addVar("variables", SimpleType.DYN)
            .build();

    /** @param message by which the rule is known */
    private record Rule(String message, Program expression) {}

    private record Policy(JsonNode constraints, JsonNode namespaces, Map<String, Program> variables, List<Rule> rules) {

        boolean isFor(Manifest manifest, Manifest namespace) {
            return picks(namespaces, namespace.labels())
                    && picks(constraints.path("objectSelector"), manifest.labels())
                    && elements(constraints.path("resourceRules")).anyMatch(rule -> names(rule, manifest));
        }

        private static boolean names(JsonNode rule, Manifest manifest) {
            String version = manifest.apiVersion();
            return has(rule.path("apiGroups"), manifest.group())
                    && has(rule.path("apiVersions"), version.substring(version.indexOf('/') + 1))
                    && has(rule.path("resources"), plural(manifest.kind()));
        }

        Stream<String> refusals(Map<String, Object> object) {
            Map<String, Object> known = new LinkedHashMap<>();
            Map<String, Object> in = Map.of("object", object, "variables", known);
            variables.forEach((name, expression) -> known.put(name, value(name, expression, in)));
            return rules.stream()
                    .filter(rule -> !Boolean.TRUE.equals(value(rule.message(), rule.expression(), in)))
                    .map(Rule::message);
        }
    }

    private final List<Policy> policies;

    Policies() {
        this.policies = Render.POLICIES
                .of("ValidatingAdmissionPolicyBinding")
                .map(Policies::policy)
                .toList();
    }

    /** Those that refuse the object in this namespace. A cluster would say why with the same words. */
    List<String> refusals(Manifest manifest, Manifest namespace) {
        return policies.stream()
                .filter(policy -> policy.isFor(manifest, namespace))
                .flatMap(policy -> policy.refusals(manifest.plain()))
                .toList();
    }

    boolean isFor(Manifest manifest, Manifest namespace) {
        return policies.stream().anyMatch(policy -> policy.isFor(manifest, namespace));
    }

    List<String> rules() {
        return policies.stream()
                .flatMap(policy -> policy.rules().stream())
                .map(Rule::message)
                .toList();
    }

    private static Policy policy(Manifest binding) {
        Manifest policy = Render.POLICIES.one(
                "ValidatingAdmissionPolicy", binding.at("spec/policyName").asText());
        Map<String, Program> variables = new LinkedHashMap<>();
        policy.each("spec/variables")
                .forEach(variable -> variables.put(variable.path("name").asText(), program(variable)));
        List<Rule> rules = policy.each("spec/validations")
                .map(rule -> new Rule(rule.path("message").asText(), program(rule)))
                .toList();
        return new Policy(
                policy.at("spec/matchConstraints"),
                binding.at("spec/matchResources/namespaceSelector"),
                variables,
                rules);
    }

    private static Program program(JsonNode of) {
        String expression = of.path("expression").asText();
        try {
            return CEL.createProgram(CEL.compile(expression).getAst());
        } catch (CelValidationException | CelEvaluationException e) {
            throw new IllegalStateException(expression, e);
        }
    }

    /** A rule that cannot tell is a mistake in the rule: the cluster would refuse the object, and nobody would know why. */
    private static Object value(String what, Program expression, Map<String, Object> in) {
        try {
            return expression.eval(in);
        } catch (CelEvaluationException e) {
            throw new IllegalStateException("'" + what + "' cannot tell", e);
        }
    }

    private static boolean picks(JsonNode selector, Map<String, String> labels) {
        return texts(selector.path("matchLabels")).entrySet().stream()
                .allMatch(label -> label.getValue().equals(labels.get(label.getKey())));
    }

    private static boolean has(JsonNode list, String word) {
        return elements(list).anyMatch(one -> one.asText().equals(word));
    }

    private static String plural(String kind) {
        String one = kind.toLowerCase(Locale.ROOT);
        return one.endsWith("y") ? one.substring(0, one.length() - 1) + "ies" : one + "s";
    }
}
