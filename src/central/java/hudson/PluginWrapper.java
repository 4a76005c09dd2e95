package hudson;

/** An installed plugin. */
public class PluginWrapper {
    PluginWrapper() {}

    public String getDisplayName() {
        throw new UnsupportedOperationException("No plugin is installed");
    }
}
