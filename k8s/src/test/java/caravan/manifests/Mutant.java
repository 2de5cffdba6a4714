package caravan.manifests;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/**
 * An object that one rule must refuse.
 *
 * @param rule its message
 * @param object {@code Kind/name} in a render that breaks no rule
 * @param change what makes it break this one
 */
record Mutant(String rule, Render render, String object, String what, Consumer<ObjectNode> change) {

    static Mutant of(String rule, String object, Change change) {
        return new Mutant(rule, Render.RELEASE, object, change.what(), change);
    }

    Mutant in(Render other) {
        return new Mutant(rule, other, object, what, change);
    }

    Manifest original() {
        String[] words = object.split("/", 2);
        return render.one(words[0], words[1]);
    }

    Manifest changed() {
        ObjectNode copy = original().root().deepCopy();
        change.accept(copy);
        return new Manifest(copy);
    }

    @Override
    public String toString() {
        return rule + " (" + object + ": " + what + ")";
    }

    /** At a JSON pointer without its first slash; {@code -} for the end of a list. */
    record Change(String what, Consumer<ObjectNode> work) implements Consumer<ObjectNode> {

        static Change set(String path, Object value) {
            return new Change(path + "=" + value, root -> put(root, path, value));
        }

        static Change drop(String path) {
            return new Change(path + " is gone", root -> {
                JsonPointer at = JsonPointer.compile("/" + path);
                switch (parent(root, at)) {
                    case ObjectNode object -> object.remove(at.last().getMatchingProperty());
                    case ArrayNode array -> array.remove(at.last().getMatchingIndex());
                    case JsonNode other -> throw new IllegalStateException(path + " leads to " + other);
                }
            });
        }

        private static void put(ObjectNode root, String path, Object value) {
            JsonPointer at = JsonPointer.compile("/" + path);
            JsonNode node = Manifest.tree(value);
            switch (parent(root, at)) {
                case ObjectNode object -> object.set(at.last().getMatchingProperty(), node);
                case ArrayNode array when path.endsWith("/-") -> array.add(node);
                case ArrayNode array -> array.set(at.last().getMatchingIndex(), node);
                case JsonNode other -> throw new IllegalStateException(path + " leads to " + other);
            }
        }

        private static JsonNode parent(ObjectNode root, JsonPointer at) {
            return root.at(at.head());
        }

        @Override
        public void accept(ObjectNode root) {
            work.accept(root);
        }
    }
}
