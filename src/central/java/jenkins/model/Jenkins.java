package jenkins.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.ExtensionList;
import hudson.PluginManager;
import hudson.ProxyConfiguration;
import hudson.init.InitMilestone;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.TopLevelItem;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import hudson.security.Permission;
import hudson.security.PermissionGroup;
import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.inmemory.InMemoryUser;
import java.io.File;
import java.util.List;
import org.springframework.security.core.Authentication;

/** The controller. {@link InMemoryJenkins#start} makes one. */
public class Jenkins implements ItemGroup<TopLevelItem>, AccessControlled {
    public static final PermissionGroup PERMISSIONS = Permission.HUDSON_PERMISSIONS;
    public static final Permission ADMINISTER = Permission.HUDSON_ADMINISTER;
    public static final Permission READ = new Permission(PERMISSIONS, "Read", Permission.READ);
    public static final Permission SYSTEM_READ = new Permission(PERMISSIONS, "SystemRead", ADMINISTER);

    private volatile ProxyConfiguration proxy;

    protected Jenkins() {}

    @NonNull
    public static Jenkins get() throws IllegalStateException {
        return InMemoryJenkins.current().jenkins();
    }

    @CheckForNull
    public static Jenkins getInstanceOrNull() {
        return InMemoryJenkins.isStarted() ? get() : null;
    }

    /** Who acts in this thread: SYSTEM unless somebody else was set. */
    @NonNull
    public static Authentication getAuthentication2() {
        return InMemoryUser.current();
    }

    public boolean isUseSecurity() {
        return true;
    }

    @NonNull
    public InitMilestone getInitLevel() {
        return InMemoryJenkins.current().initLevel();
    }

    @Nullable
    public String getRootUrl() throws IllegalStateException {
        return InMemoryJenkins.current().rootUrl();
    }

    public File getRootDir() {
        return InMemoryJenkins.current().home().toFile();
    }

    @Override
    public ACL getACL() {
        return InMemoryJenkins.current().acl();
    }

    @CheckForNull
    public ProxyConfiguration getProxy() {
        return proxy;
    }

    public void setProxy(@CheckForNull ProxyConfiguration proxy) {
        this.proxy = proxy;
    }

    @CheckForNull
    public Item getItemByFullName(String fullName) {
        return getItemByFullName(fullName, Item.class);
    }

    @CheckForNull
    public <T extends Item> T getItemByFullName(@NonNull String fullName, Class<T> type) {
        return InMemoryJenkins.current().items().stream()
                .filter(item -> item.getFullName().equals(fullName))
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }

    public <T extends Item> List<T> getAllItems(Class<T> type) {
        return InMemoryJenkins.current().items().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** By the id of the descriptor or the name of the class it describes. */
    @CheckForNull
    @SuppressWarnings("rawtypes")
    public Descriptor getDescriptor(String id) {
        for (Descriptor descriptor : ExtensionList.lookup(Descriptor.class)) {
            if (descriptor.getId().equals(id)) {
                return descriptor;
            }
        }
        return null;
    }

    @CheckForNull
    @SuppressWarnings("rawtypes")
    public Descriptor getDescriptor(Class<? extends Describable> type) {
        for (Descriptor descriptor : ExtensionList.lookup(Descriptor.class)) {
            if (descriptor.clazz == type) {
                return descriptor;
            }
        }
        return null;
    }

    @NonNull
    @SuppressWarnings("rawtypes")
    public Descriptor getDescriptorOrDie(Class<? extends Describable> type) {
        Descriptor descriptor = getDescriptor(type);
        if (descriptor == null) {
            throw new AssertionError(type + " is missing its descriptor");
        }
        return descriptor;
    }

    @NonNull
    public PluginManager getPluginManager() {
        return new PluginManager() {};
    }

    @Override
    public String getDisplayName() {
        return "Jenkins";
    }

    @Override
    public String getFullName() {
        return "";
    }

    @Override
    public String getFullDisplayName() {
        return "";
    }

    @Override
    public String getUrl() {
        return "";
    }
}
