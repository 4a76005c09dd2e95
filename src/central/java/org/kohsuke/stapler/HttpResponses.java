package org.kohsuke.stapler;

/** The usual answers. */
public class HttpResponses {
    /** An answer that can also be thrown. */
    public abstract static class HttpResponseException extends RuntimeException implements HttpResponse {
        private static final long serialVersionUID = 1;

        public HttpResponseException(String message) {
            super(message);
        }
    }

    /** @param relative behind the context path */
    public static HttpResponseException redirectViaContextPath(String relative) {
        return new HttpResponseException("redirect to " + relative) {
            private static final long serialVersionUID = 1;
        };
    }

    public static HttpResponseException errorWithoutStack(int code, String errorMessage) {
        return new HttpResponseException(code + " " + errorMessage) {
            private static final long serialVersionUID = 1;
        };
    }

    public static ForwardToView forwardToView(Object it, String view) {
        return new ForwardToView(it, view);
    }
}
