package io.jenkins.plugins.oauthmail.mail.connect;

import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import java.security.NoSuchAlgorithmException;
import java.util.Properties;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** Angus settings for one connection. System properties are not used, because the whole JVM shares them. */
public final class MailSession {

    /** The only protocol name, and thus the only property prefix, even for implicit TLS; "imaps" would need its own. */
    public static final String IMAP = "imap";

    public static final String SMTP = "smtp";

    private MailSession() {}

    /** @param deadline what closes the connection's socket */
    public static Properties properties(
            String protocol, Endpoint endpoint, Timeouts timeouts, ConnectionDeadline deadline) {
        String prefix = "mail." + protocol + ".";
        Properties properties = new Properties();
        properties.put(prefix + "connectiontimeout", Integer.toString(timeouts.connect()));
        properties.put(prefix + "timeout", Integer.toString(timeouts.read()));
        DeadlineSocket.Plain plain = new DeadlineSocket.Plain(timeouts.write(), deadline);
        properties.put(prefix + "socketFactory", plain);
        // For implicit TLS, Angus creates the socket itself; an interrupt closes only sockets with a channel.
        properties.put(prefix + "usesocketchannels", "true");
        // Otherwise, Angus would connect a second time with other settings when the first attempt fails.
        properties.put(prefix + "socketFactory.fallback", "false");
        if (endpoint.security() != Security.NONE) {
            properties.put(prefix + "ssl.checkserveridentity", "true");
            // Set explicitly, because SSLSocketFactory.getDefault() keeps the context of its first caller in the JVM.
            properties.put(
                    prefix + "ssl.socketFactory",
                    new DeadlineSocket.Tls(plain, defaultContext().getSocketFactory()));
        }
        if (endpoint.security() == Security.STARTTLS) {
            properties.put(prefix + "starttls.enable", "true");
            properties.put(prefix + "starttls.required", "true");
        }
        // The EHLO name: an address literal is allowed (RFC 5321 section 4.1.3), reveals nothing, and does not require
        // looking up our host name.
        properties.put(prefix + "localhost", "[127.0.0.1]");
        return properties;
    }

    private static SSLContext defaultContext() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    /** A single daemon thread that ends when it is idle. */
    public static ScheduledThreadPoolExecutor daemon(String name) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setKeepAliveTime(10, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
