package org.kohsuke.stapler;

import jakarta.servlet.ServletException;
import java.io.IOException;

/** The usual answers. */
public class HttpResponses {
    /** An answer that can also be thrown. */
    public abstract static class HttpResponseException extends RuntimeException implements HttpResponse {
        private static final long serialVersionUID = 1;

        public HttpResponseException() {}

        public HttpResponseException(String message) {
            super(message);
        }
    }

    public static HttpResponseException ok() {
        return status(200);
    }

    public static HttpResponseException notFound() {
        return status(404);
    }

    public static HttpResponseException forbidden() {
        return status(403);
    }

    public static HttpResponseException status(int code) {
        return new HttpResponseException() {
            private static final long serialVersionUID = 1;

            @Override
            public void generateResponse(StaplerRequest2 req, StaplerResponse2 rsp, Object node) {
                rsp.setStatus(code);
            }
        };
    }

    public static HttpResponseException errorWithoutStack(int code, String errorMessage) {
        return new HttpResponseException(errorMessage) {
            private static final long serialVersionUID = 1;

            @Override
            public void generateResponse(StaplerRequest2 req, StaplerResponse2 rsp, Object node)
                    throws IOException, ServletException {
                rsp.sendError(code, errorMessage);
            }
        };
    }

    /** @param relative behind the context path */
    public static HttpResponseException redirectViaContextPath(String relative) {
        return new HttpResponseException("redirect to " + relative) {
            private static final long serialVersionUID = 1;

            @Override
            public void generateResponse(StaplerRequest2 req, StaplerResponse2 rsp, Object node) throws IOException {
                String separator = relative.startsWith("/") ? "" : "/";
                rsp.sendRedirect2(req.getContextPath() + separator + relative);
            }
        };
    }

    public static HttpRedirect redirectTo(String url) {
        return new HttpRedirect(url);
    }

    public static HttpResponse redirectToDot() {
        return HttpRedirect.DOT;
    }

    public static ForwardToView forwardToView(Object it, String view) {
        return new ForwardToView(it, view);
    }
}
