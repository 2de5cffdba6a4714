package caravan.inventory;

/**
 * Pieces put in or taken out by people: all that was wanted, or none.
 *
 * @param delta what was wanted, or 0
 * @param onHand what is free afterwards
 */
record Adjustment(String sku, int wanted, int delta, int onHand) {

    /** Far from where an int ends, whatever is reserved or shipped besides. */
    static final int MOST_ON_HAND = 1_000_000_000;

    /** What is reserved or shipped is out of reach: only what is free can be taken. */
    static Adjustment of(String sku, int onHand, int wanted) {
        long after = (long) onHand + wanted;
        boolean fits = after >= 0 && after <= MOST_ON_HAND;
        return fits ? new Adjustment(sku, wanted, wanted, (int) after) : new Adjustment(sku, wanted, 0, onHand);
    }

    boolean isRefused() {
        return delta != wanted;
    }
}
