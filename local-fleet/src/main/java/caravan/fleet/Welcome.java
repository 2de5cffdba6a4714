package caravan.fleet;

/** What a person sees when the fleet is ready. */
final class Welcome {
    private Welcome() {}

    static String text(FleetOptions options, Arguments arguments, Credentials credentials) {
        Ports ports = options.ports();
        String offset = arguments.portOffset() == 0 ? "" : " --port-offset " + arguments.portOffset();
        String gateway = "http://localhost:" + ports.of("gateway").http();
        return """

                Caravan is ready.

                  %-22s %s  (operators' page: /console)
                %s  %-22s postgresql://%s:%s@localhost:%d/orders  (%s)
                %s  %-22s localhost:%d
                  %-22s redis://localhost:%d
                  %-22s http://localhost:%d  (SMTP on %d)
                  %-22s http://localhost:%d
                %s
                Log in (these are in .caravan/credentials.json too):

                  %-22s %s  %s
                  %-22s %s  %s
                  %-22s %s  %s

                Place an order:

                  TOKEN=$(curl -s %s/auth/login -H 'Content-Type: application/json' \\
                    -d '{"email":"%s","password":"%s"}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
                  curl -i %s/api/v1/orders -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -H "Idempotency-Key: $(date +%%s%%N)" \\
                    -d '{"items":[{"sku":"%s","quantity":1}],"shippingAddress":{"name":"Ada Lovelace","line1":"1 Analytical Way","city":"London","postalCode":"N1","country":"GB"},"paymentMethod":{"cardToken":"tok_ok"}}'

                Next: ./caravan demo%s, ./caravan status%s, ./caravan logs order-service%s -f.
                Ctrl-C (or ./caravan down%s) stops it; the data stays.
                """.formatted(
                        "gateway",
                        gateway,
                        services(ports),
                        "PostgreSQL",
                        PostgresServer.USER,
                        PostgresServer.PASSWORD,
                        ports.postgresql(),
                        String.join(", ", PostgresServer.DATABASES),
                        besidePostgresql(ports, arguments),
                        "Kafka",
                        ports.kafka(),
                        "Redis",
                        ports.redis(),
                        "mail",
                        ports.mailPage(),
                        ports.smtp(),
                        "card network",
                        ports.cardNetwork(),
                        onlookers(options),
                        "customer",
                        credentials.customer().email(),
                        credentials.customer().password(),
                        "operator",
                        credentials.operator().email(),
                        credentials.operator().password(),
                        "API client",
                        credentials.client().clientId(),
                        credentials.client().clientSecret(),
                        gateway,
                        credentials.customer().email(),
                        credentials.customer().password(),
                        gateway,
                        EXAMPLE_SKU,
                        offset,
                        offset,
                        offset,
                        offset);
    }

    private static String onlookers(FleetOptions options) {
        Ports ports = options.ports();
        String traces = options.tracing()
                ? "  %-22s http://localhost:%d  (or ./caravan trace <order id>)\n".formatted("traces", ports.traces())
                : "";
        if (!options.watched()) {
            return traces;
        }
        return traces
                + "  %-22s http://localhost:%d/alerts  (figures: /graph)\n".formatted("Prometheus", ports.prometheus())
                + "  %-22s http://localhost:%d  (what it says is in .caravan/log/alerts.log too)\n"
                        .formatted("Alertmanager", ports.alertmanager());
    }

    /** In the seed of inventory-service. */
    private static final String EXAMPLE_SKU = "TEA-EARL-GREY";

    /** What a fleet may do without. */
    private static String besidePostgresql(Ports ports, Arguments arguments) {
        StringBuilder lines = new StringBuilder();
        if (!arguments.without().contains(PostgresReplica.NAME)) {
            lines.append("  %-22s localhost:%d  (for reading)\n".formatted("its replica", ports.postgresqlReplica()));
        }
        if (!arguments.without().contains(PgBouncer.NAME) && PgBouncer.installed()) {
            lines.append("  %-22s localhost:%d  (its figures: database pgbouncer)\n"
                    .formatted("PgBouncer", ports.pgbouncer()));
        }
        return lines.toString();
    }

    private static String services(Ports ports) {
        StringBuilder lines = new StringBuilder();
        Ports.SERVICES.stream().skip(1).forEach(name -> {
            Ports.OfService of = ports.of(name);
            lines.append("  %-22s http://localhost:%d  (health and metrics on %d)\n"
                    .formatted(name, of.http(), of.management()));
        });
        return lines.toString();
    }
}
