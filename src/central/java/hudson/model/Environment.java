package hudson.model;

import java.io.IOException;
import java.util.Map;

/** What is there for the time of a freestyle build. */
public abstract class Environment {
    public void buildEnvVars(Map<String, String> env) {}

    @SuppressWarnings("unused") // as in Jenkins
    public boolean tearDown(AbstractBuild build, BuildListener listener) throws IOException, InterruptedException {
        return true;
    }
}
