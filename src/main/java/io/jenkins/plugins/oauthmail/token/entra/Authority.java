package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/**
 * The sign-in URL of one tenant: {@code https://login.microsoftonline.com/<tenant>/}. Always in lower case and with a
 * trailing slash, because MSAL4J converts all of it to lower case (host names and Entra tenants are case-insensitive).
 *
 * @param uri https, a host, exactly one path segment, nothing else
 */
public record Authority(@NonNull URI uri) {

    /** MSAL4J takes these first path segments for AD FS and Azure AD B2C, whose protocols differ. */
    private static final Set<String> OTHER_DIALECTS = Set.of("adfs", "tfp");

    /** @throws IllegalArgumentException with a sentence that says what is wrong with the URL */
    public Authority {
        uri = normal(uri);
    }

    /**
     * @param baseUrl the URL of a cloud, or a complete authority with the tenant in its path
     * @param tenant directory (tenant) id or one of its domains; may be blank if the path already contains it
     * @throws IllegalArgumentException with a sentence that says what is wrong
     */
    @NonNull
    public static Authority of(@NonNull String baseUrl, @CheckForNull String tenant) {
        String id = tenant == null ? "" : tenant.trim();
        if (!id.matches("[A-Za-z0-9._-]*") || id.startsWith(".")) {
            throw new IllegalArgumentException(Messages.Authority_tenant());
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
            throw new IllegalArgumentException(Messages.Authority_noUrl(), e);
        }
    }

    @NonNull
    URI authorizeEndpoint() {
        return uri.resolve("oauth2/v2.0/authorize");
    }

    /** The host, with the port if it is not the default one; for error messages. */
    @NonNull
    String host() {
        return uri.getRawAuthority();
    }

    private static URI normal(URI uri) {
        if (!"https".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException(Messages.Authority_scheme());
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException(Messages.Authority_noHost());
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(Messages.Authority_userInfo());
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(Messages.Authority_query());
        }
        if (uri.getPort() == 0 || uri.getPort() > 65535) {
            throw new IllegalArgumentException(Messages.Authority_port());
        }
        String tenant = segment(uri);
        if (tenant.isEmpty()) {
            throw new IllegalArgumentException(Messages.Authority_noTenant());
        }
        if (!tenant.matches("[A-Za-z0-9._-]+") || tenant.startsWith(".")) {
            throw new IllegalArgumentException(Messages.Authority_segments());
        }
        if (OTHER_DIALECTS.contains(tenant.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(Messages.Authority_dialect());
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return URI.create(("https://" + uri.getHost() + port + "/" + tenant + "/").toLowerCase(Locale.ROOT));
    }

    private static String segment(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        int end = path.endsWith("/") ? path.length() - 1 : path.length();
        return end <= 1 ? "" : path.substring(1, end);
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
