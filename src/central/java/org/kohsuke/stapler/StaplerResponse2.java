package org.kohsuke.stapler;

import edu.umd.cs.findbugs.annotations.NonNull;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A response with what Stapler adds to it. */
public interface StaplerResponse2 extends HttpServletResponse {
    void sendRedirect2(@NonNull String url) throws IOException;

    void sendRedirect(int statusCore, @NonNull String url) throws IOException;
}
