package caravan.order;

import caravan.common.auth.AccessToken;
import caravan.common.auth.Authentication;
import jakarta.inject.Singleton;

/** Whoever the request's token speaks for: a customer, or an API client for itself. */
@Singleton
class Callers {

    private final Authentication authentication;

    Callers(Authentication authentication) {
        this.authentication = authentication;
    }

    Caller current() {
        AccessToken token = authentication.token();
        return new Caller(token.subject(), token.name(), token.email());
    }
}
