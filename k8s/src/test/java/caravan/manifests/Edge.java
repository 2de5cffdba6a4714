package caravan.manifests;

/**
 * Who may talk to whom.
 *
 * @param to a workload; {@code outside} for addresses, {@code somewhere else} for pods of other namespaces
 */
record Edge(String from, String to, int port) implements Comparable<Edge> {

    static final String OUTSIDE = "outside";

    @Override
    public int compareTo(Edge other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return from + " -> " + to + ":" + port;
    }
}
