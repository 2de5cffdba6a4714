package caravan.gateway.session.account;

import caravan.common.auth.Scope;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A program that asks in its own name. Its secret is 256 random bits, which nobody guesses however fast they hash: SHA-256
 * is enough, and costs no memory per token.
 */
@Entity
@Table(name = "api_clients")
public class ApiClient {

    @Id
    private UUID id;

    private String name;
    private String email;

    @Column(name = "secret_hash")
    private byte[] secretHash;

    private List<String> scopes;

    @Column(name = "created_at")
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected ApiClient() {}

    public ApiClient(UUID id, String name, String email, String secret, Set<Scope> scopes, Instant createdAt) {
        this.id = id;
        this.name = name;
        this.email = email;
        this.secretHash = hash(secret);
        this.scopes = scopes.stream().sorted().map(Scope::text).toList();
        this.createdAt = createdAt;
    }

    public UUID id() {
        return id;
    }

    public String name() {
        return name;
    }

    public String email() {
        return email;
    }

    public Set<Scope> scopes() {
        return Scope.parseList(String.join(" ", scopes));
    }

    public boolean hasSecret(String secret) {
        return MessageDigest.isEqual(secretHash, hash(secret));
    }

    private static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
