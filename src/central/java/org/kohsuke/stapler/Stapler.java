package org.kohsuke.stapler;

import io.jenkins.inmemory.InMemoryRequest;

/** The way from URLs to objects; here only the request of the moment. */
public class Stapler {
    public static StaplerRequest2 getCurrentRequest2() {
        return InMemoryRequest.current();
    }
}
