package caravan.gateway.proxy;

import caravan.common.auth.Scope;

/** Who may use a route. */
public sealed interface Access {

    Access PUBLIC = new Everybody();

    /** No token is asked for. One that is sent to a service is looked at all the same: whoever sends it wants to be somebody. */
    record Everybody() implements Access {}

    record Needs(Scope scope) implements Access {}
}
