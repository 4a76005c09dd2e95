package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.util.XStream2;
import io.jenkins.plugins.oauthmail.config.AccountsListener;
import io.jenkins.plugins.oauthmail.config.FieldRules;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.StoredXml;
import io.jenkins.plugins.oauthmail.mail.model.FileFailure;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.entra.TokenCacheStore;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The authorizations, one file per account in {@code oauth-mail/} in the Jenkins home directory. They are kept apart
 * from the configuration so that applying configuration as code signs nobody out. Each file is replaced atomically, and
 * the token cache in it is encrypted with the controller's key.
 */
@Extension
@Restricted(NoExternalUse.class)
public class AuthorizationStore {
    private static final XStream2 XML = StoredXml.of(
            new StoredXml.Name("authorization", Authorization.class, "config.Authorization"),
            new StoredXml.Name("accountFailure", AccountFailure.class, "config.Trouble"));

    private static final Logger LOGGER = Logger.getLogger(AuthorizationStore.class.getName());
    private static final String SUFFIX = ".xml";

    private final Clock clock;
    private final Map<String, Known> read = new HashMap<>();

    /** Called by Jenkins. */
    public AuthorizationStore() {
        this(Clock.systemUTC());
    }

    public AuthorizationStore(Clock clock) {
        this.clock = clock;
        // Nothing has been written since the controller started.
        if (Jenkins.getInstanceOrNull() != null) {
            KilledWrites.delete(folder().toPath(), name -> false);
        }
    }

    @NonNull
    public static AuthorizationStore get() {
        return ExtensionList.lookupSingleton(AuthorizationStore.class);
    }

    /**
     * The stored authorization of the account, whether or not it is still valid.
     *
     * @throws UncheckedIOException if the file cannot be read
     */
    @NonNull
    public synchronized Optional<Authorization> find(@NonNull String accountId) {
        XmlFile file = file(accountId);
        try {
            if (!file.exists()) {
                return Optional.empty();
            }
            // Every page that an administrator opens asks for all of them.
            BasicFileAttributes now = Files.readAttributes(file.getFile().toPath(), BasicFileAttributes.class);
            Known known = read.get(accountId);
            if (known == null || known.size() != now.size() || !known.time().equals(now.lastModifiedTime())) {
                known = new Known(now.size(), now.lastModifiedTime(), ((Authorization) file.read()).complete());
                read.put(accountId, known);
            }
            return Optional.of(known.authorization());
        } catch (IOException | ClassCastException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot read " + file);
            // The path is only in the cause, which build logs do not show.
            String sentence = Messages.AuthorizationStore_unreadable(accountId);
            throw new UncheckedIOException(sentence, new IOException(sentence, e));
        }
    }

    /** The stored authorization of the account, if it is valid for the current configuration. */
    @NonNull
    public Optional<Authorization> find(@NonNull MailAccount account, @NonNull OAuthApplication application) {
        return find(account.getId()).filter(stored -> stored.isFor(account, application));
    }

    /**
     * Stores the authorization of a new sign-in, replacing the account's earlier one, and tells the listeners.
     *
     * @throws IOException if it cannot be written; the earlier one is kept in that case
     */
    public void put(@NonNull Authorization authorization) throws IOException {
        write(authorization);
        AccountsListener.fire(listener -> listener.authorized(authorization.getAccount()));
    }

    private synchronized void write(Authorization authorization) throws IOException {
        read.remove(authorization.getAccount());
        file(authorization.getAccount()).write(authorization);
    }

    /**
     * Deletes the authorization of the account, if there is one, and tells the listeners.
     *
     * @throws IOException if the file cannot be deleted
     */
    public void forget(@NonNull String accountId) throws IOException {
        synchronized (this) {
            read.remove(accountId);
            Files.deleteIfExists(file(accountId).getFile().toPath());
        }
        AccountsListener.fire(listener -> listener.forgotten(accountId));
    }

    /** IDs of the accounts with a stored authorization, in alphabetical order. */
    @NonNull
    public List<String> accountIds() {
        String[] names = folder().list((folder, name) -> name.endsWith(SUFFIX));
        return names == null
                ? List.of()
                : Arrays.stream(names)
                        .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                        .filter(id -> FieldRules.id(id) == null)
                        .sorted()
                        .toList();
    }

    /** Records that a sign-in covers further scopes. */
    synchronized void extend(@NonNull Authorization authorization, @NonNull Set<String> scopes) {
        try {
            Optional<Authorization> stored =
                    find(authorization.getAccount()).filter(present -> present.isSameSignIn(authorization));
            if (stored.isPresent()) {
                write(stored.get().covering(scopes));
            }
        } catch (IOException | UncheckedIOException e) {
            // It is found out again with the next token.
            LOGGER.log(Level.WARNING, "Cannot record the scopes of mail account " + authorization.getAccount(), e);
        }
    }

    /** Records why a refresh failed, for the page and the warnings; null if the last one succeeded. */
    public synchronized void record(@NonNull Authorization authorization, @CheckForNull TokenFailure failure) {
        try {
            Authorization stored = find(authorization.getAccount())
                    .filter(present -> present.isSameSignIn(authorization))
                    .orElse(null);
            if (stored == null || (failure == null && stored.getTrouble() == null)) {
                return;
            }
            Authorization noted = stored.with(failure == null ? null : trouble(stored, failure));
            try {
                write(noted);
            } catch (IOException e) {
                // The page must not show a failing account as working, least of all while the disk is full.
                remember(noted);
                throw e;
            }
        } catch (IOException | UncheckedIOException e) {
            LOGGER.log(Level.WARNING, "Cannot record the state of mail account " + authorization.getAccount(), e);
        }
    }

    private AccountFailure trouble(Authorization stored, TokenFailure failure) {
        AccountFailure trouble = AccountFailure.after(
                stored.getTrouble(),
                failure.messageWithIds(),
                failure.kind() == TokenFailure.Kind.UNREACHABLE,
                clock.instant());
        return failure.answerLost() ? trouble.withAnswerLost() : trouble;
    }

    /** Caches the authorization until the file changes. */
    private void remember(Authorization authorization) throws IOException {
        BasicFileAttributes now =
                Files.readAttributes(file(authorization.getAccount()).getFile().toPath(), BasicFileAttributes.class);
        read.put(authorization.getAccount(), new Known(now.size(), now.lastModifiedTime(), authorization));
    }

    /** Where the token engine stores the token cache of a sign-in. */
    @NonNull
    public TokenCacheStore tokenCache(@NonNull Authorization authorization) {
        return new TokenCacheStore() {
            @Override
            public String load() throws IOException {
                return readable(authorization.getAccount())
                        .filter(stored -> stored.isSameSignIn(authorization))
                        .map(stored -> stored.tokenCache().getPlainText())
                        .orElse(null);
            }

            @Override
            public boolean answerLost() throws IOException {
                return readable(authorization.getAccount())
                        .filter(stored -> stored.isSameSignIn(authorization))
                        .filter(Authorization::isAnswerLost)
                        .isPresent();
            }

            @Override
            public void renewalBegins() {
                synchronized (AuthorizationStore.this) {
                    try {
                        Optional<Authorization> stored =
                                readable(authorization.getAccount()).filter(found -> found.isSameSignIn(authorization));
                        if (stored.isPresent()) {
                            write(stored.get().renewing());
                        }
                    } catch (IOException | RuntimeException e) {
                        // The renewal is possible nevertheless, and its tokens are kept in memory.
                        LOGGER.log(Level.FINE, e, () -> "Cannot mark the renewal of " + authorization.getAccount());
                    }
                }
            }

            @Override
            public void save(@NonNull String serializedCache) throws IOException {
                synchronized (AuthorizationStore.this) {
                    Authorization stored = readable(authorization.getAccount()).orElseThrow(Forgotten::new);
                    // The tokens of an older sign-in must not replace the cache of a newer one.
                    if (stored.isSameSignIn(authorization)) {
                        keep(stored.refreshed(serializedCache, clock.instant()));
                    }
                }
            }
        };
    }

    /** The exception is shown in build logs, so it does not contain the path. */
    private void keep(Authorization authorization) throws IOException {
        try {
            write(authorization);
        } catch (IOException e) {
            throw new IOException(FileFailure.reason(e), e);
        }
    }

    private Optional<Authorization> readable(String accountId) throws IOException {
        try {
            return find(accountId);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static XmlFile file(String accountId) {
        String problem = FieldRules.id(accountId);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return new XmlFile(XML, new File(folder(), accountId + SUFFIX));
    }

    private static File folder() {
        return new File(Jenkins.get().getRootDir(), "oauth-mail");
    }

    private record Known(long size, FileTime time, Authorization authorization) {}
}
