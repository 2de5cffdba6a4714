package caravan.gateway.session;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;
import java.util.UUID;

/** Who is there from the start. */
@ConfigMapping(prefix = "caravan.gateway.bootstrap")
interface BootstrapConfig {

    Optional<Person> customer();

    Optional<Person> operator();

    Optional<Client> client();

    interface Person {

        String email();

        String password();

        String name();
    }

    interface Client {

        UUID id();

        /** 256 random bits as text. */
        String secret();

        /** A default here would make the whole group required. */
        Optional<String> name();

        /** Where mails about its orders go. */
        String email();
    }
}
