package caravan.fleet;

import caravan.fleet.audit.Auditor;
import caravan.fleet.audit.Databases;
import caravan.fleet.audit.Report;
import java.io.PrintStream;
import java.time.Duration;

/** {@code ./caravan audit}: the invariants of the protocol, checked from the databases alone. */
final class Audit {
    /** Orders that were placed a moment ago may end. */
    private static final Duration SETTLE = Duration.ofSeconds(60);

    private Audit() {}

    static int run(Arguments arguments, PrintStream out) {
        Ports ports = arguments.ports();
        return run(
                new Databases(Sockets.HOST, ports.postgresql(), PostgresServer.USER, PostgresServer.PASSWORD),
                "http://" + Sockets.HOST + ":" + ports.cardNetwork(),
                out);
    }

    static int run(Databases databases, String cardNetwork, PrintStream out) {
        Auditor auditor = new Auditor(databases, cardNetwork);
        if (!auditor.settle(SETTLE)) {
            out.println("Some orders are still under way after " + SETTLE.toSeconds() + " s:");
        }
        Report report = auditor.audit();
        out.println(report.text());
        return report.clean() ? 0 : 1;
    }
}
