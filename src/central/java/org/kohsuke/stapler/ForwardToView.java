package org.kohsuke.stapler;

/** Shows a view of an object. */
public class ForwardToView extends RuntimeException implements HttpResponse {
    private static final long serialVersionUID = 1;

    public ForwardToView(Object it, String view) {
        super(view + " of " + it);
    }
}
