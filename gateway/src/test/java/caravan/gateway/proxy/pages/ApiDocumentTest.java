package caravan.gateway.proxy.pages;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.auth.Scope;
import caravan.common.http.ProblemType;
import caravan.gateway.proxy.Access;
import caravan.gateway.proxy.Route;
import caravan.gateway.proxy.RouteTables;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Route table, document and problem catalogue say the same. */
class ApiDocumentTest {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final JsonNode document = read();

    @Test
    void isAnOpenApiDocumentThatAParserHasNothingToSayAgainst() {
        SwaggerParseResult parsed = new OpenAPIV3Parser()
                .readContents(Resources.read(ApiDocument.RESOURCE).toString(), null, null);

        assertThat(document.path("openapi").asText()).startsWith("3.1");
        assertThat(parsed.getMessages()).isEmpty();
        assertThat(parsed.getOpenAPI().getPaths()).hasSameSizeAs(document.path("paths"));
    }

    @Test
    void describesEveryRouteAndNoOther() {
        Set<String> routes =
                RouteTables.usual().stream().map(Route::toString).collect(Collectors.toCollection(TreeSet::new));

        assertThat(operations().keySet()).isEqualTo(routes);
    }

    @Test
    void asksForTheScopesThatTheRoutesAskFor() {
        Map<String, JsonNode> operations = operations();

        assertThat(RouteTables.usual()).allSatisfy(route -> {
            List<String> named = new ArrayList<>();
            Objects.requireNonNull(operations.get(route.toString()))
                    .path("security")
                    .forEach(one -> one.forEach(scopes -> scopes.forEach(scope -> named.add(scope.asText()))));
            assertThat(new HashSet<>(named)).as(route.toString()).isEqualTo(scopes(route));
        });
    }

    @Test
    void namesEveryProblemThatThereIsAndNoOther() {
        Set<String> inOperations = new TreeSet<>();
        walk(document.path("paths"), node -> codes(resolved(node)).forEach(inOperations::add));
        Set<String> known = Arrays.stream(ProblemType.values())
                .map(ProblemType::slug)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(inOperations).isEqualTo(known);
        assertThat(texts(document.at("/components/schemas/ProblemCode/enum"))).hasSameElementsAs(known);
    }

    @Test
    void givesEveryProblemTheStatusThatItHas() {
        Map<String, Integer> statuses =
                Arrays.stream(ProblemType.values()).collect(Collectors.toMap(ProblemType::slug, ProblemType::status));

        operations()
                .forEach((operation, node) -> node.path("responses")
                        .properties()
                        .forEach(response -> codes(resolved(response.getValue()))
                                .forEach(code -> assertThat(statuses.get(code))
                                        .as("%s %s", operation, code)
                                        .isEqualTo(Integer.valueOf(response.getKey())))));
    }

    @Test
    void refersOnlyToWhatIsThere() {
        walk(document, node -> {
            if (node.has("$ref")) {
                assertThat(resolved(node).isMissingNode())
                        .as(node.path("$ref").asText())
                        .isFalse();
            }
        });
    }

    @Test
    void declaresEveryParameterOfAPath() {
        operations().forEach((operation, node) -> {
            Set<String> declared = new TreeSet<>();
            node.path("parameters").forEach(each -> {
                JsonNode parameter = resolved(each);
                if (parameter.path("in").asText().equals("path")) {
                    declared.add("{" + parameter.path("name").asText() + "}");
                }
            });
            Set<String> named = Arrays.stream(operation.split("/", -1))
                    .filter(segment -> segment.startsWith("{"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(declared).as(operation).isEqualTo(named);
        });
    }

    @Test
    void hasAPageForEveryProblem() {
        assertThat(ProblemPages.ALL)
                .hasSameSizeAs(ProblemType.values())
                .allSatisfy(entry ->
                        assertThat(List.of(entry.meaning(), entry.advice())).noneMatch(String::isBlank));
    }

    private static Set<String> scopes(Route route) {
        return switch (route.access()) {
            case Access.Everybody _ -> Set.of();
            case Access.Needs(Scope scope) -> Set.of(scope.text());
        };
    }

    private Map<String, JsonNode> operations() {
        Map<String, JsonNode> found = new java.util.TreeMap<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    assertThat(METHODS).contains(method.getKey());
                    found.put(
                            method.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey(),
                            method.getValue());
                }));
        return found;
    }

    /** The problems that a response may carry. */
    private static List<String> codes(JsonNode response) {
        JsonNode schema = response.at("/content/application~1problem+json/schema/allOf/1/properties/code/enum");
        return texts(schema);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private JsonNode resolved(JsonNode node) {
        String ref = node.path("$ref").asText("");
        return ref.isEmpty() ? node : document.at(ref.substring(1));
    }

    private static void walk(JsonNode node, Consumer<JsonNode> visitor) {
        visitor.accept(node);
        node.forEach(child -> walk(child, visitor));
    }

    private static JsonNode read() {
        try {
            return new YAMLMapper()
                    .readTree(Resources.read(ApiDocument.RESOURCE).getBytes());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
