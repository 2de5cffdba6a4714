package caravan.fleet.chaos;

/**
 * How many orders, by what their customers know in the end.
 *
 * @param refused for good, by a 4xx that asking again would not change
 * @param unknown no answer came before patience ended
 * @param askedAgain requests beyond the first for an order
 */
public record Answers(long offered, long accepted, long refused, long unknown, long askedAgain) {}
