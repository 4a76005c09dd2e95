package io.jenkins.inmemory;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpSession;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * A browser's request. It answers what web methods ask for, and refuses every other question with {@link
 * UnsupportedOperationException}.
 */
public final class InMemoryRequest implements InvocationHandler {
    private static final ThreadLocal<StaplerRequest2> CURRENT = new ThreadLocal<>();

    private final String method;
    private final Map<String, String> parameters = new HashMap<>();
    private final Map<Class<?>, Object> ancestors = new HashMap<>();
    private final StaplerRequest2 request = (StaplerRequest2) Proxy.newProxyInstance(
            InMemoryRequest.class.getClassLoader(), new Class<?>[] {StaplerRequest2.class}, this);
    private JSONObject form;
    private InMemorySession session;

    private InMemoryRequest(String method) {
        this.method = method;
    }

    @NonNull
    public static InMemoryRequest get() {
        return new InMemoryRequest("GET");
    }

    @NonNull
    public static InMemoryRequest post() {
        return new InMemoryRequest("POST");
    }

    /** The request that the thread is answering; null outside of {@link #answer}. */
    @CheckForNull
    public static StaplerRequest2 current() {
        return CURRENT.get();
    }

    @NonNull
    public InMemoryRequest parameter(@NonNull String name, @NonNull String value) {
        parameters.put(name, value);
        return this;
    }

    /** What a form of Jenkins sends. */
    @NonNull
    public InMemoryRequest form(@NonNull JSONObject form) {
        this.form = form;
        return this;
    }

    /** The browser's session; without one the request begins a new session when asked to. */
    @NonNull
    public InMemoryRequest session(@CheckForNull InMemorySession session) {
        this.session = session;
        return this;
    }

    /** An object on the way to the URL. */
    @NonNull
    public <T> InMemoryRequest below(@NonNull Class<T> type, @NonNull T object) {
        ancestors.put(type, object);
        return this;
    }

    /** The session that the request came with or began; null if neither. */
    @CheckForNull
    public InMemorySession session() {
        return session;
    }

    /** For a web method's parameter. */
    @NonNull
    public StaplerRequest2 request() {
        return request;
    }

    /** Does something as the answer to this request, so that {@code Stapler.getCurrentRequest2()} is it. */
    public <V> V answer(@NonNull Callable<V> work) throws Exception {
        StaplerRequest2 before = CURRENT.get();
        CURRENT.set(request);
        try {
            return work.call();
        } finally {
            CURRENT.set(before);
        }
    }

    @Override
    public Object invoke(Object proxy, Method question, Object[] arguments) throws Throwable {
        return switch (question.getName()) {
            case "getMethod" -> method;
            case "getContextPath" -> "";
            case "getParameter" -> parameter((String) arguments[0]);
            case "hasParameter" -> parameters.containsKey((String) arguments[0]);
            case "setAttribute" -> null;
            case "getSession" -> session(arguments == null || (boolean) arguments[0]);
            case "getContentType" -> "application/x-www-form-urlencoded";
            case "getSubmittedForm" -> submitted();
            case "findAncestorObject" -> ancestors.get((Class<?>) arguments[0]);
            case "bindJSON" -> bind(arguments);
            case "toString" -> method + " " + parameters.keySet();
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            default -> throw new UnsupportedOperationException(question + " needs a controller.");
        };
    }

    private String parameter(String name) {
        return form != null && name.equals("json") ? form.toString() : parameters.get(name);
    }

    /** The answer of a controller to a request without a form is sent before the exception is thrown. */
    private JSONObject submitted() throws ServletException {
        String json = parameter("json");
        if (json == null || json.isEmpty()) {
            throw new ServletException("This page expects a form submission");
        }
        return form == null ? JSONObject.fromObject(json) : form;
    }

    private HttpSession session(boolean create) {
        if (session == null && create) {
            session = new InMemorySession();
        }
        return session == null ? null : session.session();
    }

    private static Object bind(Object[] arguments) throws ReflectiveOperationException {
        if (arguments[0] instanceof Class<?> type) {
            return Binder.bind(type, (JSONObject) arguments[1]);
        }
        Binder.set(arguments[0], (JSONObject) arguments[1]);
        return null;
    }
}
