package hudson.model;

import org.kohsuke.stapler.HttpResponse;

/** A sentence for a page of its own. */
public class Failure extends RuntimeException implements HttpResponse {
    private static final long serialVersionUID = 1;

    public Failure(String message) {
        super(message);
    }
}
