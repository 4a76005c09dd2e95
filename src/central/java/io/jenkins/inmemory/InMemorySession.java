package io.jenkins.inmemory;

import edu.umd.cs.findbugs.annotations.NonNull;
import jakarta.servlet.http.HttpSession;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** What the controller remembers of a browser between requests. */
public final class InMemorySession implements InvocationHandler {
    private final String id = UUID.randomUUID().toString();
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();
    private final HttpSession session = (HttpSession)
            Proxy.newProxyInstance(InMemorySession.class.getClassLoader(), new Class<?>[] {HttpSession.class}, this);

    @NonNull
    public HttpSession session() {
        return session;
    }

    @Override
    public Object invoke(Object proxy, Method question, Object[] arguments) {
        return switch (question.getName()) {
            case "getId", "toString" -> id;
            case "getAttribute" -> attributes.get((String) arguments[0]);
            case "setAttribute" -> {
                attributes.put((String) arguments[0], arguments[1]);
                yield null;
            }
            case "removeAttribute" -> {
                attributes.remove((String) arguments[0]);
                yield null;
            }
            case "hashCode" -> id.hashCode();
            case "equals" -> proxy == arguments[0];
            default -> throw new UnsupportedOperationException(question + " needs a controller.");
        };
    }
}
