package io.jenkins.plugins.oauthmail.config;

import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import java.net.URI;
import java.util.function.Supplier;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The Microsoft cloud that hosts a tenant. Each has its own sign-in, Exchange, mail and Graph hosts.
 *
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud">National clouds</a>
 */
@Restricted(NoExternalUse.class)
public enum Cloud {
    /** The worldwide service. */
    PUBLIC(
            Messages::Cloud_public,
            "https://login.microsoftonline.com/",
            "https://outlook.office.com/",
            "https://outlook.office365.com/",
            "https://graph.microsoft.com/",
            "smtp.office365.com",
            "outlook.office365.com"),
    /** GCC High. */
    US_GOVERNMENT(
            Messages::Cloud_usGovernment,
            "https://login.microsoftonline.us/",
            "https://outlook.office365.us/",
            "https://outlook.office365.us/",
            "https://graph.microsoft.us/",
            "smtp.office365.us",
            "outlook.office365.us"),
    /** DoD. Shares the sign-in host of GCC High but has its own Exchange. */
    US_GOVERNMENT_DOD(
            Messages::Cloud_usGovernmentDod,
            US_GOVERNMENT.authority,
            "https://outlook-dod.office365.us/",
            "https://outlook-dod.office365.us/",
            "https://dod-graph.microsoft.us/",
            "outlook-dod.office365.us",
            "outlook-dod.office365.us"),
    /** Operated by 21Vianet. */
    CHINA(
            Messages::Cloud_china,
            "https://login.partner.microsoftonline.cn/",
            "https://partner.outlook.cn/",
            "https://partner.outlook.cn/",
            "https://microsoftgraph.chinacloudapi.cn/",
            "smtp.partner.outlook.cn",
            "partner.outlook.cn"),
    /**
     * A custom authority URL. Resource and mail hosts are those of the worldwide service unless the application and
     * account specify others.
     */
    CUSTOM(
            Messages::Cloud_custom,
            null,
            PUBLIC.delegatedResource,
            PUBLIC.applicationResource,
            PUBLIC.graphResource,
            PUBLIC.smtpHost,
            PUBLIC.imapHost);

    private static final int SUBMISSION_PORT = 587;
    private static final int IMAPS_PORT = 993;

    private final Supplier<String> displayName;
    private final String authority;
    private final String delegatedResource;
    private final String applicationResource;
    private final String graphResource;
    private final String smtpHost;
    private final String imapHost;

    Cloud(
            Supplier<String> displayName,
            String authority,
            String delegatedResource,
            String applicationResource,
            String graphResource,
            String smtpHost,
            String imapHost) {
        this.displayName = displayName;
        this.authority = authority;
        this.delegatedResource = delegatedResource;
        this.applicationResource = applicationResource;
        this.graphResource = graphResource;
        this.smtpHost = smtpHost;
        this.imapHost = imapHost;
    }

    /** The sign-in host with a trailing slash; null for {@link #CUSTOM}. */
    String authority() {
        return authority;
    }

    /** The Exchange resource for delegated permissions, with a trailing slash. */
    String delegatedResource() {
        return delegatedResource;
    }

    /** The Exchange resource for the application's {@code .default} scope, with a trailing slash. */
    String applicationResource() {
        return applicationResource;
    }

    /** The resource of Microsoft Graph, which is also its address, with a trailing slash. */
    String graphResource() {
        return graphResource;
    }

    /** Microsoft Graph with its version. */
    public URI graph() {
        return URI.create(graphResource + "v1.0/");
    }

    public Endpoint smtp() {
        return new Endpoint(smtpHost, SUBMISSION_PORT, Security.STARTTLS);
    }

    public Endpoint imap() {
        return new Endpoint(imapHost, IMAPS_PORT, Security.TLS);
    }

    @Override
    public String toString() {
        return displayName.get();
    }
}
