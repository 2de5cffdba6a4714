package caravan.gateway.session.account;

import java.util.Locale;
import java.util.regex.Pattern;

/** Email addresses as HTML forms take them, with a domain of at least two labels. ASCII, so that case means one thing. */
public final class EmailAddress {

    private static final int LONGEST = 254;
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

    private static final Pattern SYNTAX =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@" + LABEL + "(?:\\." + LABEL + ")+");

    private EmailAddress() {}

    static boolean isValid(String text) {
        return text.length() <= LONGEST && SYNTAX.matcher(text).matches();
    }

    /** By which an account is found. */
    public static String key(String email) {
        return email.strip().toLowerCase(Locale.ROOT);
    }
}
