package io.jenkins.plugins.oauthmail.neighbours;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.init.Terminator;
import io.jenkins.plugins.oauthmail.config.AccountsListener;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import java.net.BindException;
import java.time.Duration;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Listens on the loopback interface for programs that can send with a user name and a password only, such as the Mailer
 * plugin, and sends their messages with an account. Off unless an administrator enters a port.
 */
@Extension
@Restricted(NoExternalUse.class)
public class Relay implements AccountsListener {
    private static final Logger LOGGER = Logger.getLogger(Relay.class.getName());

    /** A message that is being sent ends before Jenkins does, unless the mail server takes longer than this. */
    private static final Duration END = Duration.ofSeconds(30);

    private RelayServer server;
    private Integer port;
    private String problem;

    @NonNull
    public static Relay get() {
        return ExtensionList.lookupSingleton(Relay.class);
    }

    @Initializer(after = InitMilestone.SYSTEM_CONFIG_ADAPTED)
    @Restricted(NoExternalUse.class)
    public static void start() {
        get().changed();
    }

    @Terminator
    @Restricted(NoExternalUse.class)
    public static void stop() {
        RelayServer last = get().take();
        if (last != null) {
            last.stop(END);
        }
    }

    /** Starts, stops or moves the relay if its port has changed. */
    @Override
    public synchronized void changed() {
        Integer wanted = OAuthMailConfiguration.get().getRelayPort();
        if (Objects.equals(port, wanted) && problem == null) {
            return;
        }
        RelayServer before = take();
        if (before != null) {
            before.refuse();
            Timer.get().submit(() -> before.stop(END));
        }
        port = wanted;
        if (wanted != null) {
            listen(wanted);
        }
    }

    private void listen(int wanted) {
        try {
            server = RelayServer.start(wanted);
        } catch (BindException e) {
            problem = Messages.Relay_portInUse(Integer.toString(wanted));
            LOGGER.log(Level.WARNING, problem);
        } catch (RuntimeException e) {
            // Such as for a port that needs privileges. Jenkins starts nevertheless.
            Throwable cause = e.getCause() == null ? e : e.getCause();
            problem = Messages.Relay_notStarted(Integer.toString(wanted), String.valueOf(cause.getMessage()));
            LOGGER.log(Level.WARNING, problem, e);
        }
    }

    private synchronized RelayServer take() {
        RelayServer before = server;
        server = null;
        problem = null;
        return before;
    }

    /** Why the relay does not listen although it should, and the fix; null if there is no problem. */
    @CheckForNull
    public synchronized String problem() {
        return problem;
    }
}
