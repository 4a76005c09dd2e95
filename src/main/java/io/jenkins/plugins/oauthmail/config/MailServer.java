package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A mail server used instead of the cloud's. */
@Restricted(NoExternalUse.class)
public final class MailServer implements Describable<MailServer> {
    private final String host;
    private final int port;
    private final Security security;

    /**
     * @param host host name or IP address
     * @param port 1 to 65535
     * @param security null for implicit TLS; none is only allowed for a loopback address
     */
    @DataBoundConstructor
    public MailServer(String host, int port, Security security) {
        this.host = Util.fixNull(host).strip();
        this.port = port;
        this.security = security == null ? Security.TLS : security;
    }

    public String getHost() {
        return host;
    }

    public int getPort() {
        return port;
    }

    public Security getSecurity() {
        return security == null ? Security.TLS : security;
    }

    @NonNull
    public Endpoint endpoint() {
        return new Endpoint(host, port, getSecurity());
    }

    /**
     * Rejects a server that cannot work.
     *
     * @param element how error messages refer to the account
     * @param field the account's field that holds the server
     */
    void validate(String element, String field) {
        InvalidConfiguration.refuse(element, field + ".host", FieldRules.host(host));
        InvalidConfiguration.refuse(element, field + ".port", FieldRules.port(port));
        try {
            endpoint();
        } catch (IllegalArgumentException e) {
            InvalidConfiguration.refuse(element, field + ".security", e.getMessage());
        }
    }

    /** Fills the security drop-down and checks the fields. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<MailServer> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.MailServer_displayName();
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public ListBoxModel doFillSecurityItems() {
            ListBoxModel items = new ListBoxModel();
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return items;
            }
            items.add(Messages.MailServer_security_tls(), Security.TLS.name());
            items.add(Messages.MailServer_security_starttls(), Security.STARTTLS.name());
            items.add(Messages.MailServer_security_none(), Security.NONE.name());
            return items;
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckHost(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FieldRules.asTyped(value, FieldRules::host);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckPort(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FormValidation.validateIntegerInRange(value, 1, 65535);
        }
    }
}
