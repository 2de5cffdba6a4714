package caravan.gateway.proxy;

import caravan.common.auth.Scope;

/** Who may use a route. */
public sealed interface Access {

    Access PUBLIC = new Everybody();

    /** No token is asked for, and none is looked at. */
    record Everybody() implements Access {}

    record Needs(Scope scope) implements Access {}
}
