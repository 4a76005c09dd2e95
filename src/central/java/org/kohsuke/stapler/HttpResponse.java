package org.kohsuke.stapler;

import jakarta.servlet.ServletException;
import java.io.IOException;

/** What a web method answers. */
public interface HttpResponse {
    default void generateResponse(StaplerRequest2 req, StaplerResponse2 rsp, Object node)
            throws IOException, ServletException {
        throw new UnsupportedOperationException("Rendering " + getClass().getName() + " needs a controller.");
    }
}
