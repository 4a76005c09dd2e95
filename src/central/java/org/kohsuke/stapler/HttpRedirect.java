package org.kohsuke.stapler;

import edu.umd.cs.findbugs.annotations.NonNull;
import jakarta.servlet.ServletException;
import java.io.IOException;

/** Leads the browser elsewhere by 302. */
public final class HttpRedirect extends RuntimeException implements HttpResponse {
    public static final HttpRedirect DOT = new HttpRedirect(".");

    private static final long serialVersionUID = 1;

    private final String url;

    public HttpRedirect(@NonNull String url) {
        this.url = url;
    }

    @Override
    public void generateResponse(StaplerRequest2 req, StaplerResponse2 rsp, Object node)
            throws IOException, ServletException {
        rsp.sendRedirect2(url);
    }
}
