package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.Secret;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.token.SignIn;
import java.io.InvalidObjectException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The stored result of a sign-in for one account: who signed in, who pressed <i>Authorize</i>, and the token cache.
 * It counts only as long as {@link #isFor} says so. Instances do not change; the store writes new ones.
 */
public final class Authorization {
    private final String account;
    private final String signsInAs;
    private final String authority;
    private final String clientId;
    private final String tenantId;
    private final String objectId;
    private final String username;
    private final List<String> scopes;
    private final String authorizedBy;
    private final long authorizedAt;
    private final Secret tokenCache;
    private final long refreshedAt;

    @CheckForNull
    private final AccountFailure trouble;

    private Authorization(
            Authorization from, Secret tokenCache, long refreshedAt, @CheckForNull AccountFailure trouble) {
        this.account = from.account;
        this.signsInAs = from.signsInAs;
        this.authority = from.authority;
        this.clientId = from.clientId;
        this.tenantId = from.tenantId;
        this.objectId = from.objectId;
        this.username = from.username;
        this.scopes = from.scopes;
        this.authorizedBy = from.authorizedBy;
        this.authorizedAt = from.authorizedAt;
        this.tokenCache = tokenCache;
        this.refreshedAt = refreshedAt;
        this.trouble = trouble;
    }

    /**
     * @param account signed in for
     * @param application of the account, as it was at the sign-in
     * @param signIn what came of it
     * @param scopes that were asked for
     * @param admin id of the user who pressed <i>Authorize</i>
     * @param now when
     */
    public Authorization(
            MailAccount account,
            OAuthApplication application,
            SignIn signIn,
            Set<String> scopes,
            String admin,
            Instant now) {
        this.account = account.getId();
        this.signsInAs = account.signInName();
        this.authority = application.authority().uri().toString();
        this.clientId = application.getClientId();
        this.tenantId = signIn.tenantId();
        this.objectId = signIn.objectId();
        this.username = signIn.username();
        this.scopes = new ArrayList<>(new TreeSet<>(scopes));
        this.authorizedBy = admin;
        this.authorizedAt = now.toEpochMilli();
        this.tokenCache = Secret.fromString(signIn.tokenCache());
        this.refreshedAt = now.toEpochMilli();
        this.trouble = null;
    }

    /** @throws InvalidObjectException if something is missing, as in a file that was damaged or written by hand */
    Authorization complete() throws InvalidObjectException {
        if (Stream.of(
                        account,
                        signsInAs,
                        authority,
                        clientId,
                        tenantId,
                        objectId,
                        username,
                        scopes,
                        authorizedBy,
                        tokenCache)
                .anyMatch(Objects::isNull)) {
            throw new InvalidObjectException("An authorization lacks a field");
        }
        return this;
    }

    Authorization refreshed(String serializedCache, Instant now) {
        return new Authorization(this, Secret.fromString(serializedCache), now.toEpochMilli(), null);
    }

    Authorization with(@CheckForNull AccountFailure newTrouble) {
        return new Authorization(this, tokenCache, refreshedAt, newTrouble);
    }

    /** Whether account, sign-in name, authority and client id are still those of the sign-in. */
    public boolean isFor(@NonNull MailAccount account, @NonNull OAuthApplication application) {
        return this.account.equals(account.getId())
                && CaseFolding.equalsAscii(signsInAs, account.signInName())
                && authority.equals(application.authority().uri().toString())
                && CaseFolding.equalsAscii(clientId, application.getClientId());
    }

    /** Whether what was allowed is still what the application asks for: each sign-in allows sending, if nothing else. */
    public boolean isForMailResourceOf(@NonNull OAuthApplication application) {
        return scopes.contains(application.scope(MailUse.SEND));
    }

    /** Whether a sign-in is by the person and in the tenant that this one pinned. */
    public boolean isSamePerson(@NonNull SignIn signIn) {
        return tenantId.equals(signIn.tenantId()) && objectId.equals(signIn.objectId());
    }

    /** Whether it was by the same sign-in, however often refreshed since. */
    boolean isSameSignIn(@NonNull Authorization other) {
        return authorizedAt == other.authorizedAt && objectId.equals(other.objectId);
    }

    /** The id of the account. */
    @NonNull
    public String getAccount() {
        return account;
    }

    /** The sign-in name as the identity provider gave it. */
    @NonNull
    public String getUsername() {
        return username;
    }

    /** The scopes it was given for. */
    @NonNull
    public Set<String> getScopes() {
        return Set.copyOf(scopes);
    }

    /** The id of the admin. */
    @NonNull
    public String getAuthorizedBy() {
        return authorizedBy;
    }

    @NonNull
    public Instant getAuthorizedAt() {
        return Instant.ofEpochMilli(authorizedAt);
    }

    @NonNull
    public Instant getRefreshedAt() {
        return Instant.ofEpochMilli(refreshedAt);
    }

    /** Why the last refresh failed; null if it did not. */
    @CheckForNull
    public AccountFailure getTrouble() {
        return trouble;
    }

    /** MSAL's cache with the refresh token in it. */
    @NonNull
    public Secret tokenCache() {
        return tokenCache;
    }
}
