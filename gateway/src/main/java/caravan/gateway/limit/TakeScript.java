package caravan.gateway.limit;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code take.lua}: how its arguments are laid out and its answer is read. */
final class TakeScript {

    private final Script script;
    private final List<byte[]> table;
    private final byte[][] rows;

    TakeScript(Script script, List<Policy> policies) {
        this.script = script;
        this.table = table(policies);
        this.rows = new byte[policies.size()][];
        for (int row = 0; row < policies.size(); row++) {
            rows[policies.get(row).index()] = ascii(row + 1);
        }
    }

    Script script() {
        return script;
    }

    /** By its hash, of which Redis usually knows the text. */
    Request bySha(List<Take> takes) {
        return arguments(Request.cmd(Command.EVALSHA).arg(script.sha()), takes);
    }

    Request byText(List<Take> takes) {
        return arguments(Request.cmd(Command.EVAL).arg(script.text()), takes);
    }

    private Request arguments(Request request, List<Take> takes) {
        request.arg(keys(takes));
        for (Take take : takes) {
            for (int i = 0; i < take.size(); i++) {
                request.arg(take.key(i));
            }
            if (take.session() != null) {
                request.arg("deny:" + take.session());
            }
        }
        table.forEach(request::arg);
        takes.forEach(take -> append(request, take));
        return request;
    }

    private void append(Request request, Take take) {
        request.arg(take.size()).arg(take.cost()).arg(take.session() == null ? 0 : 1);
        for (int i = 0; i < take.size(); i++) {
            request.arg(rows[take.policies().get(i).index()]).arg(take.owed(i));
        }
    }

    private static int keys(List<Take> takes) {
        int keys = 0;
        for (Take take : takes) {
            keys += take.size() + (take.session() == null ? 0 : 1);
        }
        return keys;
    }

    /** One decision for each take, in order. */
    static List<Decision> decisions(Response answer, List<Take> takes) {
        List<Decision> decisions = new ArrayList<>(takes.size());
        int at = 0;
        for (Take take : takes) {
            Decision decision = new Decision(take.policies(), 1);
            if (answer.get(at++).toLong() != 0) {
                decision.denySession();
            }
            for (int i = 0; i < take.size(); i++) {
                // A debt d of a bucket that lacks tokens comes as -1 - d.
                long said = answer.get(at++).toLong();
                decision.set(i, said < 0 ? -1 - said : said, said < 0);
            }
            decisions.add(decision);
        }
        return decisions;
    }

    private static List<byte[]> table(List<Policy> policies) {
        List<byte[]> table = new ArrayList<>();
        table.add(ascii(policies.size()));
        for (Policy policy : policies) {
            table.add(ascii(policy.rate().quota()));
            table.add(ascii(policy.rate().windowUs()));
            table.add(ascii(policy.enforced() ? 1 : 0));
        }
        return table;
    }

    private static byte[] ascii(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }
}
