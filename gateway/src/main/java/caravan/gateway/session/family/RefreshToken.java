package caravan.gateway.session.family;

import java.util.UUID;

/** What an authentic refresh token says. */
public record RefreshToken(UUID family, int sequence) {}
