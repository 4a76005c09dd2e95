package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.Secret;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.token.entra.SignIn;
import java.io.InvalidObjectException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The stored result of a sign-in for one account: who signed in, who pressed <i>Authorize</i>, and the token cache. It
 * is valid only while {@link #isFor} returns true. Immutable; the store writes new instances.
 */
@Restricted(NoExternalUse.class)
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

    /** Whether a renewal was sent of whose outcome nothing is stored. */
    private final boolean renewing;

    private Authorization(
            Authorization from,
            Secret tokenCache,
            long refreshedAt,
            @CheckForNull AccountFailure trouble,
            boolean renewing) {
        this(from, from.scopes, tokenCache, refreshedAt, trouble, renewing);
    }

    private Authorization(
            Authorization from,
            List<String> scopes,
            Secret tokenCache,
            long refreshedAt,
            @CheckForNull AccountFailure trouble,
            boolean renewing) {
        this.account = from.account;
        this.signsInAs = from.signsInAs;
        this.authority = from.authority;
        this.clientId = from.clientId;
        this.tenantId = from.tenantId;
        this.objectId = from.objectId;
        this.username = from.username;
        this.scopes = scopes;
        this.authorizedBy = from.authorizedBy;
        this.authorizedAt = from.authorizedAt;
        this.tokenCache = tokenCache;
        this.refreshedAt = refreshedAt;
        this.trouble = trouble;
        this.renewing = renewing;
    }

    /**
     * @param account the account that was authorized
     * @param application the account's application at the time of the sign-in
     * @param signIn the result of the sign-in
     * @param scopes the requested scopes
     * @param admin ID of the user who pressed <i>Authorize</i>
     * @param now the time of the sign-in
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
        this.renewing = false;
    }

    /** @throws InvalidObjectException if a field is missing, for example because the file was damaged or edited */
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
            throw new InvalidObjectException("A field of the authorization is missing");
        }
        return this;
    }

    Authorization refreshed(String serializedCache, Instant now) {
        return new Authorization(this, Secret.fromString(serializedCache), now.toEpochMilli(), null, false);
    }

    /** The same sign-in, which was found to cover further scopes. */
    Authorization covering(Set<String> more) {
        Set<String> all = new TreeSet<>(scopes);
        all.addAll(more);
        return new Authorization(this, new ArrayList<>(all), tokenCache, refreshedAt, trouble, renewing);
    }

    Authorization with(@CheckForNull AccountFailure newTrouble) {
        return new Authorization(this, tokenCache, refreshedAt, newTrouble, false);
    }

    Authorization renewing() {
        return new Authorization(this, tokenCache, refreshedAt, trouble, true);
    }

    /** Whether the response to a renewal was lost, such as because Jenkins was killed before it arrived. */
    boolean isAnswerLost() {
        return renewing || trouble != null && trouble.isAnswerLost();
    }

    /** Whether account, sign-in name, authority and client ID are still those of the sign-in. */
    public boolean isFor(@NonNull MailAccount account, @NonNull OAuthApplication application) {
        return this.account.equals(account.getId())
                && CaseFolding.equalsAscii(signsInAs, account.signInName())
                && authority.equals(application.authority().uri().toString())
                && CaseFolding.equalsAscii(clientId, application.getClientId());
    }

    /**
     * Whether the granted scopes belong to the resource by which the account now sends and reads: every sign-in grants
     * at least sending.
     */
    public boolean isForMailResourceOf(@NonNull MailAccount account, @NonNull OAuthApplication application) {
        return scopes.contains(application.scope(account, MailUse.SEND));
    }

    /** Whether a sign-in is by the same person, in the same tenant, as this one. */
    public boolean isSamePerson(@NonNull SignIn signIn) {
        return tenantId.equals(signIn.tenantId()) && objectId.equals(signIn.objectId());
    }

    /** Whether both result from the same sign-in, regardless of later refreshes. */
    boolean isSameSignIn(@NonNull Authorization other) {
        return authorizedAt == other.authorizedAt && objectId.equals(other.objectId);
    }

    /** The ID of the account. */
    @NonNull
    public String getAccount() {
        return account;
    }

    /** The sign-in name that the identity provider returned. */
    @NonNull
    public String getUsername() {
        return username;
    }

    /** The scopes that it covers. */
    @NonNull
    public Set<String> getScopes() {
        return Set.copyOf(scopes);
    }

    /** The ID of the administrator who pressed <i>Authorize</i>. */
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
