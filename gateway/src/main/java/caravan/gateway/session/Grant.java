package caravan.gateway.session;

import caravan.common.auth.Scope;
import java.util.Set;
import java.util.UUID;

/** What an access token is to say of whom it is for. */
record Grant(
        UUID subject, String clientId, UUID session, int generation, Set<Scope> scopes, String name, String email) {}
