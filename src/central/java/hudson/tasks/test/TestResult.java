package hudson.tasks.test;

/** One test, or several together. */
public abstract class TestResult {
    public String getFullDisplayName() {
        return "";
    }
}
