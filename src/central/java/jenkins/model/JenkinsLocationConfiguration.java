package jenkins.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.inmemory.InMemoryJenkins;

/** What Jenkins believes its URL to be. */
public class JenkinsLocationConfiguration extends GlobalConfiguration {
    private static final JenkinsLocationConfiguration INSTANCE = new JenkinsLocationConfiguration();

    @NonNull
    public static JenkinsLocationConfiguration get() {
        return INSTANCE;
    }

    private String adminAddress;

    @NonNull
    public String getAdminAddress() {
        return adminAddress == null ? "address not configured yet <nobody@nowhere>" : adminAddress;
    }

    public void setAdminAddress(@CheckForNull String adminAddress) {
        this.adminAddress = adminAddress;
    }

    @CheckForNull
    public String getUrl() {
        return InMemoryJenkins.current().rootUrl();
    }
}
