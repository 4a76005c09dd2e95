package com.cloudbees.plugins.credentials.domains;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Wanted for a port of a host. */
public class HostnamePortRequirement extends HostnameRequirement {
    private static final long serialVersionUID = 1;

    private final int port;

    public HostnamePortRequirement(@CheckForNull String hostname, int port) {
        super(hostname);
        this.port = port;
    }

    public int getPort() {
        return port;
    }
}
