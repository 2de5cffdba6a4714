package caravan.fleet.ledger;

/**
 * One line of the ledger.
 *
 * @param off what switches the technique off
 * @param measured what the two figures are
 */
record Finding(String technique, String off, String measured, String with, String without) {

    String row() {
        return "| %s | %s | %s | %s | %s |".formatted(technique, off, measured, with, without);
    }
}
