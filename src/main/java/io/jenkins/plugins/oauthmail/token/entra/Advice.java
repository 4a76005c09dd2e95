package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Explanations of common AADSTS codes. They are for people only: no decision depends on them, and an unknown code is
 * not an error. Only codes whose cause is documented by Microsoft or its users are included; the provider's own text is
 * displayed as well.
 *
 * @param what what happened, without the code
 * @param fix what to do; null if signing in again, or trying again, is all there is to do
 * @param thenSignIn whether a person has to sign in again afterwards
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/reference-error-codes">Entra's error codes</a>
 */
record Advice(@NonNull Supplier<String> what, @CheckForNull Supplier<String> fix, boolean thenSignIn) {

    private static final Map<String, Advice> WORDS = new HashMap<>();

    /** For an assertion that was created with a wrong clock, whatever the code. */
    private static final Pattern OUT_OF_TIME = Pattern.compile("(?i)not within its valid time range");

    private static final Advice CLOCK = new Advice(Messages::Advice_clock, Messages::Advice_clockFix, false);

    static {
        // The person or the stored sign-in.
        sign(Messages::Advice_revoked, null, "50173");
        sign(Messages::Advice_passwordChanged, null, "50132", "50133");
        sign(Messages::Advice_passwordExpired, Messages::Advice_passwordExpiredFix, "50055", "50144");
        sign(Messages::Advice_disabledPerson, Messages::Advice_disabledPersonFix, "50057");
        sign(Messages::Advice_locked, Messages::Advice_lockedFix, "50053");
        sign(
                Messages::Advice_otherTenant,
                Messages::Advice_otherTenantFix,
                "16000",
                "50014",
                "50020",
                "50034",
                "500208",
                "51004",
                "90072");
        sign(Messages::Advice_unassigned, Messages::Advice_unassignedFix, "50105");
        sign(Messages::Advice_unused, null, "700082");
        sign(Messages::Advice_expired, null, "70008", "70000");
        sign(Messages::Advice_frequency, Messages::Advice_frequencyFix, "70043");
        sign(Messages::Advice_multiFactor, null, "50072", "50074", "50076", "50078", "50079");
        sign(Messages::Advice_codeUsed, null, "54005");
        sign(Messages::Advice_codeElsewhere, null, "700005");

        // Policies of the tenant.
        sign(Messages::Advice_blocked, Messages::Advice_blockedFix, "53003", "530032");
        sign(Messages::Advice_securityDefaults, Messages::Advice_securityDefaultsFix, "530035");
        sign(
                Messages::Advice_device,
                Messages::Advice_deviceFix,
                "50005",
                "50097",
                "50129",
                "50155",
                "50187",
                "53000",
                "53001",
                "53002",
                "530003");
        set(Messages::Advice_restricted, Messages::Advice_restrictedFix, "50002", "500021", "500022");

        // Consent and permissions.
        sign(Messages::Advice_noConsent, Messages::Advice_noConsentFix, "65001");
        sign(Messages::Advice_adminConsent, Messages::Advice_adminConsentFix, "90008", "90094", "90095");
        sign(Messages::Advice_declined, null, "65004");
        sign(Messages::Advice_notListed, Messages::Advice_notListedFix, "65005", "650056", "650057");
        set(Messages::Advice_unknownScope, Messages::Advice_unknownScopeFix, "28002", "650053", "70011");
        set(Messages::Advice_resources, Messages::Advice_resourcesFix, "28000", "700022");
        set(Messages::Advice_unknownResource, Messages::Advice_unknownResourceFix, "50001", "500011", "650052");
        set(Messages::Advice_disabledResource, Messages::Advice_disabledResourceFix, "500014");

        // The application and its authentication.
        set(Messages::Advice_unknownClient, Messages::Advice_unknownClientFix, "700011", "700016", "700038");
        set(Messages::Advice_noServicePrincipal, Messages::Advice_noServicePrincipalFix, "7000229");
        set(Messages::Advice_disabledClient, Messages::Advice_disabledClientFix, "7000112");
        set(Messages::Advice_wrongSecret, Messages::Advice_wrongSecretFix, "7000215");
        set(Messages::Advice_oldSecret, Messages::Advice_oldSecretFix, "7000222");
        set(Messages::Advice_wrongCertificate, Messages::Advice_wrongCertificateFix, "700027", "50012");
        WORDS.put("700024", CLOCK);
        set(Messages::Advice_noFederation, Messages::Advice_noFederationFix, "70021", "70025");
        set(Messages::Advice_federatedIssuer, Messages::Advice_federatedIssuerFix, "700211");
        set(Messages::Advice_federatedAudience, Messages::Advice_federatedAudienceFix, "700212");
        set(Messages::Advice_federatedSubject, Messages::Advice_federatedSubjectFix, "700213");
        set(Messages::Advice_issuerKeys, Messages::Advice_issuerKeysFix, "50013", "50166", "501661");
        set(Messages::Advice_unauthenticated, Messages::Advice_unauthenticatedFix, "7000218");
        set(Messages::Advice_publicClient, Messages::Advice_publicClientFix, "700025");
        sign(Messages::Advice_singlePage, Messages::Advice_singlePageFix, "700084", "9002327");
        set(Messages::Advice_redirectUri, Messages::Advice_redirectUriFix, "50011", "500113", "900971");

        // The tenant.
        set(Messages::Advice_unknownTenant, Messages::Advice_unknownTenantFix, "90002", "900023");
        set(Messages::Advice_singleTenant, Messages::Advice_singleTenantFix, "50194", "90124", "90130", "9001023");
        set(Messages::Advice_otherCloud, Messages::Advice_otherCloudFix, "90038", "900382", "900432");

        set(Messages::Advice_loop, Messages::Advice_loopFix, "50196");
    }

    /**
     * Explains a refusal.
     *
     * @return null if the provider's own text is the best explanation
     */
    @CheckForNull
    static Advice on(@NonNull ProviderError said) {
        String code = said.code();
        if (code == null) {
            return null;
        }
        return OUT_OF_TIME.matcher(said.words()).find() ? CLOCK : WORDS.get(code.replaceFirst("^AADSTS0*", ""));
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
