package caravan.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class QuestionTest {

    @Test
    void asksTheSameOfAllOfSomeAndOfAPage() {
        assertThat(Question.PAYMENTS.ofAll()).endsWith("from payments where true order by order_id");
        assertThat(Question.PAYMENTS.ofSome()).endsWith("from payments where order_id = any($1) order by order_id");
        assertThat(Question.PAYMENTS.after()).endsWith("from payments where order_id > $1 order by order_id limit $2");
    }

    @Test
    void givesEveryRowAnIdAndAnOrder() {
        assertThat(Stream.of(Question.values()))
                .allSatisfy(question -> assertThat(question.ofSome()).contains(" id", "order by"));
    }

    @Test
    void asksOfNoMoreOrdersThanFitIntoAnAnswer() {
        List<UUID> many = IntStream.rangeClosed(0, AskedOrders.MOST)
                .mapToObj(n -> new UUID(0, n))
                .toList();

        assertThatIllegalArgumentException().isThrownBy(() -> new AskedOrders(many));
        assertThat(new AskedOrders(many.subList(1, many.size())).array()).hasSize(AskedOrders.MOST);
    }
}
