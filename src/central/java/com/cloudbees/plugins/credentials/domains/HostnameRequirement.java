package com.cloudbees.plugins.credentials.domains;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Wanted for a host. */
public class HostnameRequirement extends DomainRequirement {
    private static final long serialVersionUID = 1;

    private final String hostname;

    public HostnameRequirement(@CheckForNull String hostname) {
        this.hostname = hostname;
    }

    @CheckForNull
    public String getHostname() {
        return hostname;
    }
}
