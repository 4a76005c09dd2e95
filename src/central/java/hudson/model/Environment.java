package hudson.model;

import java.util.Map;

/** What is there for the time of a freestyle build. */
public abstract class Environment {
    public void buildEnvVars(Map<String, String> env) {}
}
