package hudson.tasks;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.User;
import java.util.Objects;

/** Knows the mail address of people; from the mailer plugin. */
public abstract class MailAddressResolver implements ExtensionPoint {
    public abstract String findMailAddressFor(User u);

    /** What the first one says that knows; null if none does. */
    public static String resolve(User u) {
        return ExtensionList.lookup(MailAddressResolver.class).stream()
                .map(resolver -> resolver.findMailAddressFor(u))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
