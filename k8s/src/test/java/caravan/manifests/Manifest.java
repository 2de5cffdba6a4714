package caravan.manifests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** One object of a cluster. */
record Manifest(ObjectNode root) {

    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .build();

    static List<Manifest> all(String documents) {
        try (var parser = YAML.createParser(documents)) {
            List<Manifest> all = new ArrayList<>();
            YAML.readValues(parser, JsonNode.class).forEachRemaining(node -> {
                if (node instanceof ObjectNode object) {
                    all.add(new Manifest(object));
                }
            });
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode read(Path file) {
        try {
            return YAML.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode tree(Object value) {
        return YAML.valueToTree(value);
    }

    static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    String kind() {
        return root.path("kind").asText();
    }

    String apiVersion() {
        return root.path("apiVersion").asText();
    }

    String group() {
        String version = apiVersion();
        return version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
    }

    String name() {
        return at("metadata/name").asText();
    }

    /** Kustomize adds a hash of ten characters to the names of what its generators make. */
    boolean generatedFrom(String name) {
        return name().matches(java.util.regex.Pattern.quote(name) + "-[a-z0-9]{10}");
    }

    Map<String, String> labels() {
        return texts(at("metadata/labels"));
    }

    /** @param path names with slashes between; what is not there is a missing node */
    JsonNode at(String path) {
        return root.at("/" + path);
    }

    Stream<JsonNode> each(String path) {
        return elements(at(path));
    }

    /** With whole numbers as longs, as CEL has them. */
    Map<String, Object> plain() {
        try {
            return YAML.readerForMapOf(Object.class).readValue(YAML.writeValueAsString(root));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return kind() + "/" + name();
    }
}
