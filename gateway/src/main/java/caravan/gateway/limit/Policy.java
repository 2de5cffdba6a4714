package caravan.gateway.limit;

/** One limit. */
record Policy(int index, String name, By by, Mode mode, Rate rate) {

    String key(String whose) {
        return "limit:" + name + ":" + whose;
    }

    boolean enforced() {
        return mode == Mode.ENFORCE;
    }
}
