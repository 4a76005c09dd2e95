package io.jenkins.plugins.oauthmail.config;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * The controller's own credentials. Those with System scope are listed first: jobs cannot bind them, whereas any
 * pipeline can use one with Global scope regardless of an account's permissions.
 */
final class SystemCredentials {
    private static final Logger LOGGER = Logger.getLogger(SystemCredentials.class.getName());

    private SystemCredentials() {}

    /**
     * Finds the credential with this ID and type.
     *
     * @param what how error messages refer to it, for example <i>client secret</i>
     * @throws TokenFailure of kind {@code CREDENTIAL_MISSING} if there is none; {@code UNREACHABLE} if the credentials
     *     cannot be listed
     */
    @NonNull
    static <C extends StandardCredentials> C find(Class<C> type, String id, String what) throws TokenFailure {
        C credential = lookup(type, id);
        if (credential == null) {
            throw new TokenFailure(
                    TokenFailure.Kind.CREDENTIAL_MISSING, Messages.SystemCredentials_cannotServe(id, what));
        }
        return credential;
    }

    /**
     * What is known of a credential, such as its content. Some plugins keep it in an external vault, and throw exceptions
     * of various types if it is unavailable.
     *
     * @throws TokenFailure of kind {@code UNREACHABLE} in that case
     */
    static <T> T held(String id, Supplier<T> content) throws TokenFailure {
        try {
            return content.get();
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "The credential '" + id + "' cannot be read");
            throw new TokenFailure(TokenFailure.Kind.UNREACHABLE, Messages.SystemCredentials_unavailable(id), e);
        }
    }

    /** Whether the credential is known to exist and to have Global scope, so that every job can use it. */
    static boolean isGlobal(Class<? extends StandardCredentials> type, String id) {
        try {
            return held(id, () -> {
                StandardCredentials credential = first(type, id);
                return credential != null && credential.getScope() != CredentialsScope.SYSTEM;
            });
        } catch (TokenFailure unavailable) {
            return false;
        }
    }

    /** Whether there is known to be a credential of this type with System scope. */
    static boolean isStored(Class<? extends StandardCredentials> type) {
        return listed(
                () -> all(type).stream().anyMatch(credential -> credential.getScope() == CredentialsScope.SYSTEM),
                false);
    }

    /**
     * Records that a build uses the credential with this ID and type; does nothing if there is none, or none can be
     * found at the moment, which the build notices when it uses it.
     */
    static void track(Run<?, ?> build, Class<? extends StandardCredentials> type, @CheckForNull String id) {
        if (id == null) {
            return;
        }
        try {
            held(id, () -> CredentialsProvider.track(build, first(type, id)));
        } catch (TokenFailure unavailable) {
            LOGGER.log(Level.FINE, unavailable, () -> "Cannot record that " + build + " uses a credential");
        }
    }

    /**
     * Whether there is a credential with this ID and type.
     *
     * @throws TokenFailure of kind {@code UNREACHABLE} if the credentials cannot be listed
     */
    static boolean has(Class<? extends StandardCredentials> type, @CheckForNull String id) throws TokenFailure {
        return id != null && lookup(type, id) != null;
    }

    /** A drop-down of the credentials of a type. Users who are not administrators see only the current value. */
    @NonNull
    static ListBoxModel options(Class<? extends StandardCredentials> type, @CheckForNull String current) {
        return Util.fixEmpty(current) == null
                ? optionsOrNone(type, current)
                : fill(new StandardListBoxModel(), type, current);
    }

    /** Like {@link #options}, with an empty entry for no credential. */
    @NonNull
    static ListBoxModel optionsOrNone(Class<? extends StandardCredentials> type, @CheckForNull String current) {
        StandardListBoxModel items = new StandardListBoxModel();
        if (Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
            items.includeEmptyValue();
        }
        return fill(items, type, current);
    }

    private static ListBoxModel fill(
            StandardListBoxModel items, Class<? extends StandardCredentials> type, String current) {
        if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
            return items.includeCurrentValue(Util.fixNull(current));
        }
        // What is selected stays selected if they cannot be listed; the form validation reports that.
        listed(
                () -> {
                    all(type).stream()
                            .sorted(Comparator.comparing((StandardCredentials credential) ->
                                    credential.getScope() != CredentialsScope.SYSTEM))
                            .forEach(items::with);
                    return true;
                },
                false);
        return items.includeCurrentValue(Util.fixNull(current));
    }

    /** Form validation of a selected credential. Callers must have checked the permission. */
    @NonNull
    static FormValidation check(Class<? extends StandardCredentials> type, @CheckForNull String id) {
        if (Util.fixEmptyAndTrim(id) == null) {
            // A form that has just been opened is checked, too. An empty required selection is rejected when it is
            // saved.
            return checkList(type);
        }
        try {
            return held(id, () -> check(first(type, id), id));
        } catch (TokenFailure unavailable) {
            return FormValidation.error(unavailable.getMessage());
        }
    }

    private static FormValidation check(@CheckForNull StandardCredentials credential, String id) {
        if (credential == null) {
            return FormValidation.error(Messages.SystemCredentials_missing(id));
        }
        return credential.getScope() == CredentialsScope.SYSTEM
                ? FormValidation.ok()
                : FormValidation.warning(Messages.SystemCredentials_notSystemScope());
    }

    /** Why the drop-down is empty, if that is not because there is nothing to choose from. */
    private static FormValidation checkList(Class<? extends StandardCredentials> type) {
        return listed(
                () -> {
                    all(type);
                    return FormValidation.ok();
                },
                FormValidation.warning(Messages.SystemCredentials_unlisted()));
    }

    /** The result of work that lists credentials, or another one if they cannot be listed at the moment. */
    private static <T> T listed(Supplier<T> work, T otherwise) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "Credentials cannot be listed", e);
            return otherwise;
        }
    }

    @CheckForNull
    private static <C extends StandardCredentials> C lookup(Class<C> type, String id) throws TokenFailure {
        return held(id, () -> first(type, id));
    }

    @CheckForNull
    private static <C extends StandardCredentials> C first(Class<C> type, String id) {
        return CredentialsMatchers.firstOrNull(all(type), CredentialsMatchers.withId(id));
    }

    /** An exception of any provider comes through, whether or not the credential that is wanted is one of its own. */
    private static <C extends StandardCredentials> List<C> all(Class<C> type) {
        return CredentialsProvider.lookupCredentialsInItemGroup(type, Jenkins.get(), ACL.SYSTEM2, List.of());
    }
}
