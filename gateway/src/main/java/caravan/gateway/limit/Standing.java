package caravan.gateway.limit;

/** How a caller stands with one policy. With Redis away {@code remaining} is what this gateway still gives. */
public record Standing(String policy, long quota, long windowSeconds, long remaining, long resetSeconds) {}
