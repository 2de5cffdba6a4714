package caravan.gateway.proxy;

/** What the route table says about a request. */
public sealed interface Match {

    record Found(Route route) implements Match {}

    /** The path is there, the method is not. {@code allow}: the header's value. */
    record WrongMethod(String allow) implements Match {}

    record Nowhere() implements Match {}
}
