package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.HashMap;
import java.util.Map;

/**
 * Words for the AADSTS codes that people meet. Words only: nothing is decided by them, and an unknown code is no fault.
 *
 * @param what what happened, without the code
 * @param fix what to do; empty if signing in again is all of it
 * @param thenSignIn whether a person has to sign in afterwards
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/reference-error-codes">Entra's error codes</a>
 */
record Advice(@NonNull String what, @NonNull String fix, boolean thenSignIn) {

    private static final Map<String, Advice> WORDS = new HashMap<>();

    static {
        sign("", "The sign-in was revoked by its owner or an administrator", "50173");
        sign("", "The sign-in was not used for 90 days and has expired", "700082", "70008");
        sign(
                "ask for a longer sign-in frequency in conditional access",
                "A sign-in frequency policy of the tenant has ended the sign-in",
                "70043");
        sign("", "The tenant wants multi-factor authentication now", "50076", "50079");
        sign(
                "have the tenant's administrator exempt this application or account",
                "A conditional access policy or the security defaults block the sign-in",
                "53003",
                "530035");
        sign(
                "grant the delegated permissions of the app registration",
                "The permissions were not consented to",
                "65001");
        sign(
                "have an administrator consent to the app registration's permissions",
                "The permissions need an administrator's consent",
                "90094");
        sign("", "Consent was declined at the sign-in", "65004");
        sign("", "The authorization code was used before or has expired", "54005", "70000");
        sign("", "The authorization code belongs to another tenant", "700005");
        set(
                "check client id and tenant of the OAuth application",
                "The application is not registered in this tenant",
                "700016");
        set("check the tenant of the OAuth application", "There is no such tenant", "90002");
        set(
                "paste the secret's value (not the secret id) into the credential, or make a new secret",
                "The client secret is wrong",
                "7000215");
        set(
                "make a new one in the app registration and put its value into the credential",
                "The client secret has expired",
                "7000222");
        set(
                "upload this very certificate to the app registration, or select the credentials that belong to it",
                "The certificate does not belong to the application, or its signature was not accepted",
                "700027",
                "50012");
        set(
                "add a client secret or certificate to the OAuth application",
                "The application must authenticate itself",
                "7000218");
        set(
                "register the redirect URI under the platform Web, not as a public client or single-page application",
                "The app registration is a public client and takes no secret",
                "700025");
        set(
                "register the redirect URI exactly as the mail accounts page shows it, under the platform Web",
                "The redirect URI is not registered",
                "50011");
        set(
                "put the tenant's id into the OAuth application in place of \"common\"",
                "The application belongs to a single tenant",
                "50194");
        set(
                "wait some minutes and look for a second Jenkins or a script that uses the same application",
                "The provider saw too many equal requests",
                "50196");
        set(
                "name scopes of the Exchange resource only; others belong into the extra scopes",
                "The scopes belong to several resources",
                "28000");
        set("check the scopes of the mail account", "A scope is not known to the provider", "70011", "700022");
    }

    /**
     * @param code such as {@code AADSTS700082}, or null
     * @return null if there is nothing better to say than the provider's own words
     */
    @CheckForNull
    static Advice forCode(@CheckForNull String code) {
        return code == null ? null : WORDS.get(code.replaceFirst("^AADSTS0*", ""));
    }

    private static void sign(String fix, String what, String... codes) {
        for (String code : codes) {
            WORDS.put(code, new Advice(what, fix, true));
        }
    }

    private static void set(String fix, String what, String... codes) {
        for (String code : codes) {
            WORDS.put(code, new Advice(what, fix, false));
        }
    }
}
