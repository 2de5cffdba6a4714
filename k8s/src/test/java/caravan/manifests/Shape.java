package caravan.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a value must look like, as {@code shapes.yaml} writes it. */
final class Shape {

    private Shape() {}

    /** One line for each place where it does not. */
    static Stream<String> misfits(JsonNode shape, JsonNode value, String path) {
        if (shape.isTextual()) {
            return fits(shape.asText(), value)
                    ? Stream.empty()
                    : Stream.of(path + ": " + value + " is not " + shape.asText());
        }
        if (shape.isArray()) {
            return value.isArray()
                    ? IntStream.range(0, value.size())
                            .boxed()
                            .flatMap(i -> misfits(shape.path(0), value.path(i), path + "/" + i))
                    : Stream.of(path + " is not a list");
        }
        if (!value.isObject()) {
            return Stream.of(path + " is not an object");
        }
        return Stream.concat(
                value.properties().stream().flatMap(field -> field(shape, field, path + "/" + field.getKey())),
                shape.properties().stream()
                        .map(Map.Entry::getKey)
                        .filter(name -> name.endsWith("!") && !value.has(name.substring(0, name.length() - 1)))
                        .map(name -> path + " lacks " + name.substring(0, name.length() - 1)));
    }

    private static Stream<String> field(JsonNode shape, Map.Entry<String, JsonNode> field, String path) {
        return List.of(field.getKey(), field.getKey() + "!", "*").stream()
                .filter(shape::has)
                .findFirst()
                .map(name -> misfits(shape.path(name), field.getValue(), path))
                .orElseGet(() -> Stream.of(path + " is unknown"));
    }

    private static boolean fits(String kind, JsonNode value) {
        return switch (kind) {
            case "any" -> true;
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            case "quantity" -> value.isTextual() || value.isIntegralNumber();
            default -> value.isTextual() && List.of(kind.split("\\|")).contains(value.asText());
        };
    }
}
