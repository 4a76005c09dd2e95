package hudson.model;

import java.util.List;

/** Why a build was or is to be started. */
public class CauseAction implements Action {
    private final transient List<Cause> causes;

    public CauseAction(Cause c) {
        this.causes = List.of(c);
    }

    public List<Cause> getCauses() {
        return causes;
    }

    @Override
    public String getIconFileName() {
        return null;
    }

    @Override
    public String getDisplayName() {
        return "Cause";
    }

    @Override
    public String getUrlName() {
        return "cause";
    }
}
