package hudson.tasks.test;

import hudson.model.Action;
import java.util.List;

/** How the tests of a build went; from the junit plugin. */
@SuppressWarnings("rawtypes")
public abstract class AbstractTestResultAction<T extends AbstractTestResultAction> implements Action {
    protected AbstractTestResultAction() {}

    public abstract int getFailCount();

    public abstract int getTotalCount();

    public List<? extends TestResult> getFailedTests() {
        return List.of();
    }

    @Override
    public String getDisplayName() {
        return "Test Result";
    }

    @Override
    public String getUrlName() {
        return "testReport";
    }

    @Override
    public String getIconFileName() {
        return null;
    }
}
