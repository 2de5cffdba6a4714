package caravan.fleettests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import caravan.fleet.Credentials;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;

/** The console in a browser window of its own. What the browser complains about is kept, for the end of the test to look at. */
final class ConsolePage implements AutoCloseable {

    /** Where screenshots go: {@code -Dconsole.screenshots=docs/console}, from the checkout's root. Without it none are taken. */
    private static final String SCREENSHOTS = System.getProperty("console.screenshots", "");

    private static final String AXE = "/axe.min.js";

    /** That the API refuses something is what some tests are about; the browser says so of each answer. */
    private static final Pattern REFUSED = Pattern.compile("Failed to load resource: .* status of 4\\d\\d .*");

    private static final int MOST_TABS = 80;

    private static final Pattern AWAY = Pattern.compile("Failed to load resource: .*|.*net::ERR_.*");

    private final BrowserContext context;
    private final Page page;
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private volatile boolean mayBeAlone;

    private ConsolePage(BrowserContext context) {
        this.context = context;
        this.page = context.newPage();
        page.setDefaultTimeout(20_000);
        page.onConsoleMessage(this::hear);
        page.onPageError(complaints::add);
    }

    static ConsolePage open(Browser browser, URI gateway, ColorScheme colours, int width) {
        ConsolePage opened = new ConsolePage(browser.newContext(new Browser.NewContextOptions()
                .setBaseURL(gateway.toString())
                .setViewportSize(width, 900)
                .setColorScheme(colours)
                .setReducedMotion(ReducedMotion.REDUCE)
                .setTimezoneId("UTC")
                .setLocale("en-GB")));
        opened.page.navigate("/console");
        return opened;
    }

    ConsolePage login(Credentials.Login login) {
        page.getByLabel("Email").fill(login.email());
        page.getByLabel("Password").fill(login.password());
        button("Log in").click();
        return this;
    }

    /** What the browser says of a server that is away is no complaint then. */
    ConsolePage whichMayLoseTheGateway() {
        mayBeAlone = true;
        return this;
    }

    /** By its address, as if it had been passed on. */
    ConsolePage at(String address) {
        page.evaluate("""
                address => location.hash === address || new Promise(done => {
                  addEventListener("hashchange", () => setTimeout(done), { once: true });
                  location.hash = address;
                })""", address);
        return this;
    }

    Page page() {
        return page;
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator dialog() {
        return page.getByRole(AriaRole.DIALOG);
    }

    Locator heading() {
        return page.locator("h1");
    }

    /** Rows of the one table of a list. */
    Locator rows() {
        return page.locator("tbody tr");
    }

    Locator notices() {
        return page.locator("#notices");
    }

    /** With the keyboard alone, until what has the focus begins with that text; each stop can be seen. */
    ConsolePage tabTo(String text) {
        for (int i = 0; i < MOST_TABS; i++) {
            page.keyboard().press("Tab");
            Object seen = page.evaluate("""
                    () => {
                      const at = document.activeElement;
                      const label = at.labels?.[0]?.textContent ?? at.textContent;
                      if (at !== document.body && getComputedStyle(at).outlineStyle === "none") {
                        throw new Error("the focus cannot be seen on " + at.outerHTML.slice(0, 80));
                      }
                      return label.trim();
                    }""");
            if (String.valueOf(seen).startsWith(text)) {
                return this;
            }
        }
        throw new AssertionError("the keyboard does not get to '" + text + "'");
    }

    ConsolePage press(String key) {
        page.keyboard().press(key);
        return this;
    }

    ConsolePage type(String text) {
        page.keyboard().type(text);
        return this;
    }

    /** Nothing sticks out at the side. */
    void fits() {
        Object over =
                page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assertions.assertThat(over).as(page.url()).isEqualTo(0);
    }

    /** What axe-core finds to be serious or worse. */
    void isAccessible() {
        page.evaluate(axe() + "; undefined");
        Object found = page.evaluate("""
                async () => {
                  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
                  return violations.filter(each => ["serious", "critical"].includes(each.impact))
                    .map(each => each.id + ": " + each.nodes.map(node => node.html.slice(0, 120) + " " + node.failureSummary).join(" | "));
                }""");
        Assertions.assertThat((List<?>) found).as(page.url()).isEmpty();
    }

    void screenshot(String name) {
        if (!SCREENSHOTS.isEmpty()) {
            Path file = ShortenedRules.checkout().resolve(SCREENSHOTS).resolve(name + ".png");
            page.evaluate("scrollTo(0, 0)");
            page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(true));
        }
    }

    ConsolePage seesLive() {
        assertThat(page.locator("#live")).hasText("live");
        return this;
    }

    /** Also checks that nothing went wrong that nobody sees: no error, and nothing that the page's policy had to stop. */
    @Override
    public void close() {
        List<String> heard = List.copyOf(complaints);
        context.close();
        Assertions.assertThat(heard).isEmpty();
    }

    private void hear(ConsoleMessage message) {
        boolean bad = message.type().equals("error") || message.type().equals("warning");
        boolean expected = REFUSED.matcher(message.text()).matches()
                || (mayBeAlone && AWAY.matcher(message.text()).matches());
        if (bad && !expected) {
            complaints.add(message.type() + ": " + message.text());
        }
    }

    private static String axe() {
        try (InputStream in = ConsolePage.class.getResourceAsStream(AXE)) {
            if (in == null) {
                throw new AssertionError(AXE + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
