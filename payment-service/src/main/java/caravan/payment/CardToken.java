package caravan.payment;

/** What stands for the card at the network. Never in a log: it does not print itself. */
record CardToken(String value) {

    @Override
    public String toString() {
        return "CardToken[…]";
    }
}
