package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * What an administrator should change although no account is at fault, such as a setting of another plugin.
 *
 * @param accountId ID of the account that cannot be used because of it; null for none
 * @param sentence what is wrong, and the fix
 */
@Restricted(NoExternalUse.class)
public record AccountAdvice(
        @CheckForNull String accountId, @NonNull String sentence) {
    private static final Logger LOGGER = Logger.getLogger(AccountAdvice.class.getName());

    /** Gives advice; implemented by packages that the pages of accounts do not know. */
    @Restricted(NoExternalUse.class)
    public interface Source extends ExtensionPoint {
        /** The current advice, quickly: pages call it whenever they are displayed. */
        @NonNull
        List<AccountAdvice> advice();
    }

    /** All current advice. A source that fails gives none. */
    @NonNull
    public static List<AccountAdvice> all() {
        List<AccountAdvice> all = new ArrayList<>();
        for (Source source : ExtensionList.lookup(Source.class)) {
            try {
                all.addAll(source.advice());
            } catch (RuntimeException | LinkageError e) {
                LOGGER.log(Level.FINE, e, () -> "No advice from " + source);
            }
        }
        return all;
    }

    /** The current advice about an account, one sentence each. */
    @NonNull
    public static List<String> about(@NonNull String accountId) {
        return all().stream()
                .filter(advice -> accountId.equals(advice.accountId))
                .map(AccountAdvice::sentence)
                .toList();
    }
}
