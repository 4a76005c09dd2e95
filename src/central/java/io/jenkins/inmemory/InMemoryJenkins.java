package io.jenkins.inmemory;

import com.cloudbees.plugins.credentials.Credentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.init.InitMilestone;
import hudson.model.Item;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.Permission;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

/**
 * The controller for tests and the demo, one at a time in a process. Extensions come from the index of the compiled
 * classes; configuration is kept in files below the home, so that a second start with the same home is a restart.
 * Threads act as SYSTEM, who may do everything, unless {@link #as} says otherwise.
 */
public final class InMemoryJenkins implements AutoCloseable {
    private static volatile InMemoryJenkins current;

    /** The controller whose work a thread of a pool does; null for other threads, which may use any. */
    private static final ThreadLocal<InMemoryJenkins> EMPLOYER = new ThreadLocal<>();

    private final Path home;
    private final Extensions extensions = new Extensions();
    private final Jenkins jenkins = new Jenkins() {};
    private final List<Credentials> credentials = new CopyOnWriteArrayList<>();
    private final List<Item> items = new CopyOnWriteArrayList<>();
    private final Map<String, Set<Permission>> grants = new ConcurrentHashMap<>();
    private final Map<String, List<GrantedAuthority>> memberships = new ConcurrentHashMap<>();
    private volatile String rootUrl;
    private volatile InitMilestone initLevel = InitMilestone.COMPLETED;

    private InMemoryJenkins(Path home, String rootUrl) {
        this.home = home;
        this.rootUrl = rootUrl;
    }

    /**
     * Starts a controller and loads its configuration.
     *
     * @param home a folder for its files
     * @param rootUrl what it believes its URL to be, with a slash at the end; null if nobody told it
     * @throws IllegalStateException if another one has not been closed
     */
    @NonNull
    public static synchronized InMemoryJenkins start(@NonNull Path home, @CheckForNull String rootUrl) {
        if (current != null) {
            throw new IllegalStateException("Close the controller that is running first.");
        }
        current = new InMemoryJenkins(home, rootUrl);
        try {
            current.extensions(Object.class);
        } catch (RuntimeException | Error failure) {
            current = null;
            throw failure;
        }
        return current;
    }

    /**
     * The controller that is running.
     *
     * @throws IllegalStateException if there is none, or if the thread does the work of one that was closed
     */
    @NonNull
    public static InMemoryJenkins current() {
        InMemoryJenkins running = current;
        if (running == null || !mayUse(running)) {
            throw new IllegalStateException("There is no controller here; start one with InMemoryJenkins.start.");
        }
        return running;
    }

    @NonNull
    public InitMilestone initLevel() {
        return initLevel;
    }

    /** Goes back, as a controller does that reloads its configuration, or on. */
    public void initLevel(@NonNull InitMilestone now) {
        initLevel = now;
    }

    public static boolean isStarted() {
        InMemoryJenkins running = current;
        return running != null && mayUse(running);
    }

    private static boolean mayUse(InMemoryJenkins running) {
        InMemoryJenkins employer = EMPLOYER.get();
        return employer == null || employer == running;
    }

    /**
     * The same work for a pool of threads, as of the controller that is running: the work of a controller that was closed, such
     * as that of the test before, must not go on with the next one.
     */
    @NonNull
    public static Runnable employ(@NonNull Runnable work) {
        InMemoryJenkins employer = employer();
        return () -> {
            EMPLOYER.set(employer);
            try {
                work.run();
            } finally {
                EMPLOYER.remove();
            }
        };
    }

    /** As {@link #employ(Runnable)}. */
    @NonNull
    public static <T> Callable<T> employ(@NonNull Callable<T> work) {
        InMemoryJenkins employer = employer();
        return () -> {
            EMPLOYER.set(employer);
            try {
                return work.call();
            } finally {
                EMPLOYER.remove();
            }
        };
    }

    private static InMemoryJenkins employer() {
        InMemoryJenkins own = EMPLOYER.get();
        return own == null ? current : own;
    }

    @Override
    public void close() {
        current = null;
    }

    @NonNull
    public Jenkins jenkins() {
        return jenkins;
    }

    @NonNull
    public Path home() {
        return home;
    }

    @CheckForNull
    public String rootUrl() {
        return rootUrl;
    }

    public void setRootUrl(@CheckForNull String rootUrl) {
        this.rootUrl = rootUrl;
    }

    /** The extensions of a type, the highest ordinal first. */
    @NonNull
    public <T> List<T> extensions(@NonNull Class<T> type) {
        return extensions.all(type);
    }

    /** Registers an extension that the index does not know, for example a test's own. */
    public void register(@NonNull Object extension) {
        extensions.add(extension);
    }

    /** The controller's credentials; add to it and remove from it freely. */
    @NonNull
    public List<Credentials> credentials() {
        return credentials;
    }

    /** The jobs that can be found by name; add to it freely. */
    @NonNull
    public List<Item> items() {
        return items;
    }

    /** Lets somebody do these things everywhere, and nothing else; {@code Overall/Administer} is everything. */
    public void grant(@NonNull String user, @NonNull Permission... permissions) {
        grants.put(user, Set.of(permissions));
    }

    /** Makes somebody a member of a group. */
    public void join(@NonNull String user, @NonNull String group) {
        memberships
                .computeIfAbsent(user, unused -> new CopyOnWriteArrayList<>())
                .add(new InMemoryUser.Membership(group));
    }

    @NonNull
    List<GrantedAuthority> groups(@NonNull String user) {
        return memberships.getOrDefault(user, List.of());
    }

    /** Whether somebody of this id may do anything here. */
    public boolean knows(@NonNull String user) {
        return grants.containsKey(user);
    }

    /** Acts as somebody in this thread until closed. */
    @NonNull
    public ACLContext as(@NonNull String user) {
        return ACL.as2(new InMemoryUser(user));
    }

    @NonNull
    public ACL acl() {
        return new ACL() {
            @Override
            public boolean hasPermission2(@NonNull Authentication a, @NonNull Permission permission) {
                return a.equals(SYSTEM2) || isGranted(grants.getOrDefault(a.getName(), Set.of()), permission);
            }
        };
    }

    /** A permission that is switched off counts only through the one that implies it. */
    private static boolean isGranted(Set<Permission> granted, Permission permission) {
        List<Permission> ways = new ArrayList<>();
        for (Permission way = permission; way != null; way = way.impliedBy) {
            if (way.enabled) {
                ways.add(way);
            }
        }
        return ways.stream().anyMatch(granted::contains);
    }
}
