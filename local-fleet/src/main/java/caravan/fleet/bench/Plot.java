package caravan.fleet.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Rate against latency as an SVG: p50 and p99 of what is judged, p99 of the acceptance; runs that did not hold are hollow. Milliseconds, on a logarithmic scale. */
final class Plot {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 70;
    private static final int RIGHT = 150;
    private static final int TOP = 30;
    private static final int BOTTOM = 50;
    private static final int TICKS = 5;

    private final List<Outcome> outcomes;
    private final double highestRate;
    private final int lowest;
    private final int highest;

    Plot(List<Outcome> outcomes) {
        this.outcomes =
                outcomes.stream().sorted(Comparator.comparingInt(Outcome::rate)).toList();
        this.highestRate = outcomes.stream().mapToInt(Outcome::rate).max().orElse(1) * 1.05;
        double least = outcomes.stream().mapToDouble(o -> first(o).p50()).min().orElse(1);
        double most = outcomes.stream()
                .mapToDouble(o -> Math.max(judged(o).p99(), first(o).p99()))
                .max()
                .orElse(1_000);
        this.lowest = (int) Math.floor(Math.log10(Math.max(0.1, least)));
        this.highest = Math.max(lowest + 1, (int) Math.ceil(Math.log10(Math.max(1, most))));
    }

    String svg() {
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT));
        axes(svg);
        String place = outcomes.isEmpty() ? "" : outcomes.getFirst().judged().place();
        series(svg, place + ", p99", "#b2182b", 0, o -> judged(o).p99());
        series(svg, place + ", p50", "#2166ac", 1, o -> judged(o).p50());
        series(svg, Reached.ACCEPTED + ", p99", "#4d9221", 2, o -> first(o).p99());
        return svg.append("</svg>\n").toString();
    }

    private void axes(StringBuilder svg) {
        for (int power = lowest; power <= highest; power++) {
            double y = y(Math.pow(10, power));
            line(svg, LEFT, y, WIDTH - RIGHT, y, "#dddddd");
            text(svg, LEFT - 8, y + 4, "end", (power < 0 ? "0.1" : String.valueOf((long) Math.pow(10, power))) + " ms");
        }
        for (int i = 0; i <= TICKS; i++) {
            double rate = highestRate * i / TICKS;
            line(svg, x(rate), HEIGHT - BOTTOM, x(rate), HEIGHT - BOTTOM + 5, "#000000");
            text(svg, x(rate), HEIGHT - BOTTOM + 20, "middle", String.format(Locale.ROOT, "%.0f", rate));
        }
        line(svg, LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, "#000000");
        text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 10, "middle", "orders due a second");
        text(svg, LEFT, TOP - 12, "start", "latency from when an order was due");
        text(svg, WIDTH - RIGHT + 14, TOP + 70, "start", "hollow: not held");
    }

    private void series(StringBuilder svg, String name, String colour, int row, ToDoubleFunction<Outcome> value) {
        StringBuilder points = new StringBuilder();
        for (Outcome o : outcomes) {
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(o.rate()), y(value.applyAsDouble(o))));
        }
        svg.append(String.format(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\"/>%n",
                points.toString().strip(), colour));
        for (Outcome o : outcomes) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\" stroke=\"%s\"/>%n",
                    x(o.rate()),
                    y(value.applyAsDouble(o)),
                    o.held() ? colour : "white",
                    colour));
        }
        double y = TOP + 10.0 + row * 18;
        line(svg, WIDTH - RIGHT + 14, y - 4, WIDTH - RIGHT + 34, y - 4, colour);
        text(svg, WIDTH - RIGHT + 40, y, "start", name);
    }

    private static Latency judged(Outcome outcome) {
        return outcome.judged().latency();
    }

    private static Latency first(Outcome outcome) {
        return outcome.stages().getFirst().latency();
    }

    private double x(double rate) {
        return LEFT + rate / highestRate * (WIDTH - LEFT - RIGHT);
    }

    private double y(double millis) {
        double part = (Math.log10(Math.max(0.01, millis)) - lowest) / (highest - lowest);
        return HEIGHT - BOTTOM - Math.max(0, part) * (HEIGHT - TOP - BOTTOM);
    }

    private static void line(StringBuilder svg, double x1, double y1, double x2, double y2, String colour) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
                x1,
                y1,
                x2,
                y2,
                colour));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, text));
    }
}
