package org.kohsuke.stapler;

import jakarta.servlet.ServletException;
import java.io.IOException;

/** Shows a view of an object. There are no views here, so that the object's name and the view's stand for it. */
public class ForwardToView extends RuntimeException implements HttpResponse {
    private static final long serialVersionUID = 1;

    private final transient Object it;
    private final String view;

    public ForwardToView(Object it, String view) {
        super(view + " of " + it);
        this.it = it;
        this.view = view;
    }

    @Override
    public void generateResponse(StaplerRequest2 req, StaplerResponse2 rsp, Object node)
            throws IOException, ServletException {
        rsp.getWriter().print(view + " of " + it.getClass().getSimpleName());
    }
}
