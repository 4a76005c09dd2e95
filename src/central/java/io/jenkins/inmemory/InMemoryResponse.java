package io.jenkins.inmemory;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerResponse2;

/** What a browser gets. */
public final class InMemoryResponse implements InvocationHandler {
    private final StringWriter body = new StringWriter();
    private final PrintWriter writer = new PrintWriter(body);
    private int status = 200;
    private String location;

    /** What a web method's answer to a request looks like to the browser. */
    @NonNull
    public static InMemoryResponse of(@NonNull InMemoryRequest request, @NonNull HttpResponse answer) throws Exception {
        InMemoryResponse response = new InMemoryResponse();
        StaplerResponse2 proxy = (StaplerResponse2) Proxy.newProxyInstance(
                InMemoryResponse.class.getClassLoader(), new Class<?>[] {StaplerResponse2.class}, response);
        answer.generateResponse(request.request(), proxy, null);
        return response;
    }

    public int status() {
        return status;
    }

    /** Where the browser is led by a 302; null if it is not. */
    @CheckForNull
    public String location() {
        return location;
    }

    @NonNull
    public String body() {
        return body.toString();
    }

    @Override
    public Object invoke(Object proxy, Method call, Object[] arguments) {
        switch (call.getName()) {
            case "setStatus" -> status = (int) arguments[0];
            case "sendRedirect", "sendRedirect2" -> {
                status = 302;
                location = (String) arguments[arguments.length - 1];
            }
            case "sendError" -> {
                status = (int) arguments[0];
                writer.print(arguments.length > 1 ? arguments[1] : "");
            }
            case "getWriter" -> {
                return writer;
            }
            case "setContentType", "setHeader", "addHeader" -> {
                // Nobody asks for them.
            }
            default -> throw new UnsupportedOperationException(call + " needs a controller.");
        }
        return null;
    }
}
