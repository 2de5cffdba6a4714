package caravan.gateway.session.key;

/** Where a signing key is in its life. All three are published. */
enum KeyState {
    NEXT,
    CURRENT,
    PREVIOUS
}
