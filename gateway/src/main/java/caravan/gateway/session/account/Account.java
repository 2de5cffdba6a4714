package caravan.gateway.session.account;

import caravan.common.auth.Scope;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A person who may log in. */
@Entity
@Table(name = "accounts")
public class Account {

    @Id
    private UUID id;

    private String email;
    private String name;

    @Column(name = "password_hash")
    private String passwordHash;

    private List<String> scopes;

    @Column(name = "created_at")
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Account() {}

    public Account(UUID id, String email, String name, String passwordHash, Set<Scope> scopes, Instant createdAt) {
        this.id = id;
        this.email = email;
        this.name = name;
        this.passwordHash = passwordHash;
        this.scopes = scopes.stream().sorted().map(Scope::text).toList();
        this.createdAt = createdAt;
    }

    public UUID id() {
        return id;
    }

    public String email() {
        return email;
    }

    public String name() {
        return name;
    }

    public String passwordHash() {
        return passwordHash;
    }

    public Set<Scope> scopes() {
        return Scope.parseList(String.join(" ", scopes));
    }

    public Instant createdAt() {
        return createdAt;
    }
}
