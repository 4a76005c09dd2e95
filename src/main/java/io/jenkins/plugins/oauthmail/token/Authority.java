package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/**
 * The sign-in address of one tenant: {@code https://login.microsoftonline.com/<tenant>/}. Always in lower case and with
 * a slash at the end, since MSAL4J lower-cases the whole of it (host names and Entra tenants do not care).
 *
 * @param uri https, a host, exactly one path segment, nothing else
 */
public record Authority(@NonNull URI uri) {

    /** MSAL4J takes these first path segments for AD FS and Azure AD B2C, which speak a different dialect. */
    private static final Set<String> OTHER_DIALECTS = Set.of("adfs", "tfp");

    /**
     * @throws IllegalArgumentException with a sentence saying what is wrong with the URL
     */
    public Authority {
        uri = normal(uri);
    }

    /**
     * @param baseUrl the cloud's address, or a whole authority with the tenant in its path
     * @param tenant directory (tenant) id or one of its domains; may be blank if the path already names it
     * @throws IllegalArgumentException with a sentence saying what is wrong
     */
    @NonNull
    public static Authority of(@NonNull String baseUrl, @CheckForNull String tenant) {
        String id = tenant == null ? "" : tenant.trim();
        if (!id.matches("[A-Za-z0-9._-]*") || id.startsWith(".")) {
            throw new IllegalArgumentException(
                    "The tenant is not a directory (tenant) id or a domain name: copy the id from the app registration.");
        }
        String base = baseUrl.trim();
        boolean joined = base.endsWith("/") || id.isEmpty();
        try {
            URI whole = new URI(base);
            if (!id.isEmpty() && segment(whole).equalsIgnoreCase(id)) {
                return new Authority(whole);
            }
            return new Authority(new URI(joined ? base + id : base + "/" + id));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "The authority is not a URL; it looks like https://login.microsoftonline.com/<tenant>/.", e);
        }
    }

    @NonNull
    URI authorizeEndpoint() {
        return uri.resolve("oauth2/v2.0/authorize");
    }

    /** Host, with the port if it is not the usual one: what messages name. */
    @NonNull
    String host() {
        return uri.getRawAuthority();
    }

    private static URI normal(URI uri) {
        if (!"https".equalsIgnoreCase(uri.getScheme())) {
            throw refused("must start with https://");
        }
        if (uri.getHost() == null) {
            throw refused("names no host");
        }
        if (uri.getRawUserInfo() != null) {
            throw refused("must not contain a user name or password");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw refused("must not contain ? or #");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65535) {
            throw refused("has a port that is not from 1 to 65535");
        }
        String tenant = segment(uri);
        if (tenant.isEmpty()) {
            throw refused("names no tenant");
        }
        if (!tenant.matches("[A-Za-z0-9._-]+") || tenant.startsWith(".")) {
            throw refused("must have exactly one path segment, the tenant");
        }
        if (OTHER_DIALECTS.contains(tenant.toLowerCase(Locale.ROOT))) {
            throw refused("must not be one of AD FS or Azure AD B2C");
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return URI.create(("https://" + uri.getHost() + port + "/" + tenant + "/").toLowerCase(Locale.ROOT));
    }

    private static String segment(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        int end = path.endsWith("/") ? path.length() - 1 : path.length();
        return end <= 1 ? "" : path.substring(1, end);
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(
                "The authority " + why + "; it looks like https://login.microsoftonline.com/<tenant>/.");
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
