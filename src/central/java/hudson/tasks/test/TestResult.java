package hudson.tasks.test;

/** One test, or several together. */
public abstract class TestResult {
    public String getFullDisplayName() {
        return "";
    }

    /** Number of the build that this test first failed in; 0 if unknown. */
    public int getFailedSince() {
        return 0;
    }
}
