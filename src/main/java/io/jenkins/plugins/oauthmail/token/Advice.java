package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Words for the AADSTS codes that people meet. Words only: nothing is decided by them, and an unknown code is no fault.
 *
 * @param what what happened, without the code
 * @param fix what to do; null if signing in again is all of it
 * @param thenSignIn whether a person has to sign in afterwards
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/reference-error-codes">Entra's error codes</a>
 */
record Advice(@NonNull Supplier<String> what, @CheckForNull Supplier<String> fix, boolean thenSignIn) {

    private static final Map<String, Advice> WORDS = new HashMap<>();

    static {
        sign(Messages::Advice_revoked, null, "50173");
        sign(Messages::Advice_unused, null, "700082", "70008");
        sign(Messages::Advice_frequency, Messages::Advice_frequencyFix, "70043");
        sign(Messages::Advice_multiFactor, null, "50076", "50079");
        sign(Messages::Advice_blocked, Messages::Advice_blockedFix, "53003", "530035");
        sign(Messages::Advice_noConsent, Messages::Advice_noConsentFix, "65001");
        sign(Messages::Advice_adminConsent, Messages::Advice_adminConsentFix, "90094");
        sign(Messages::Advice_declined, null, "65004");
        sign(Messages::Advice_codeUsed, null, "54005", "70000");
        sign(Messages::Advice_codeElsewhere, null, "700005");
        set(Messages::Advice_unknownClient, Messages::Advice_unknownClientFix, "700016");
        set(Messages::Advice_unknownTenant, Messages::Advice_unknownTenantFix, "90002");
        set(Messages::Advice_wrongSecret, Messages::Advice_wrongSecretFix, "7000215");
        set(Messages::Advice_oldSecret, Messages::Advice_oldSecretFix, "7000222");
        set(Messages::Advice_wrongCertificate, Messages::Advice_wrongCertificateFix, "700027", "50012");
        set(Messages::Advice_unauthenticated, Messages::Advice_unauthenticatedFix, "7000218");
        set(Messages::Advice_publicClient, Messages::Advice_publicClientFix, "700025");
        set(Messages::Advice_redirectUri, Messages::Advice_redirectUriFix, "50011");
        set(Messages::Advice_singleTenant, Messages::Advice_singleTenantFix, "50194");
        set(Messages::Advice_loop, Messages::Advice_loopFix, "50196");
        set(Messages::Advice_resources, Messages::Advice_resourcesFix, "28000");
        set(Messages::Advice_unknownScope, Messages::Advice_unknownScopeFix, "70011", "700022", "650053");
        set(Messages::Advice_unknownResource, Messages::Advice_unknownResourceFix, "500011");
    }

    /**
     * @param code such as {@code AADSTS700082}, or null
     * @return null if there is nothing better to say than the provider's own words
     */
    @CheckForNull
    static Advice forCode(@CheckForNull String code) {
        return code == null ? null : WORDS.get(code.replaceFirst("^AADSTS0*", ""));
    }

    private static void sign(Supplier<String> what, Supplier<String> fix, String... codes) {
        for (String code : codes) {
            WORDS.put(code, new Advice(what, fix, true));
        }
    }

    private static void set(Supplier<String> what, Supplier<String> fix, String... codes) {
        for (String code : codes) {
            WORDS.put(code, new Advice(what, fix, false));
        }
    }
}
