package jenkins.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.DescriptorExtensionList;
import hudson.ExtensionList;
import hudson.ProxyConfiguration;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.TopLevelItem;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import hudson.security.Permission;
import hudson.security.PermissionGroup;
import hudson.util.XStream2;
import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.inmemory.InMemoryUser;
import java.io.File;
import org.springframework.security.core.Authentication;

/** The controller. {@link InMemoryJenkins#start} makes one. */
public class Jenkins implements ItemGroup<TopLevelItem>, AccessControlled {
    public static final XStream2 XSTREAM2 = new XStream2();
    public static final PermissionGroup PERMISSIONS = Permission.HUDSON_PERMISSIONS;
    public static final Permission ADMINISTER = Permission.HUDSON_ADMINISTER;
    public static final Permission MANAGE = new Permission(PERMISSIONS, "Manage", null, ADMINISTER, false);
    public static final Permission SYSTEM_READ = new Permission(PERMISSIONS, "SystemRead", null, ADMINISTER, false);
    public static final Permission READ = new Permission(PERMISSIONS, "Read", Permission.READ);
    public static final Authentication ANONYMOUS2 = new InMemoryUser("anonymous");

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

    public <T> ExtensionList<T> getExtensionList(Class<T> extensionType) {
        return ExtensionList.lookup(extensionType);
    }

    @NonNull
    public <T extends Describable<T>, D extends Descriptor<T>> DescriptorExtensionList<T, D> getDescriptorList(
            Class<T> type) {
        return DescriptorExtensionList.createDescriptorList(this, type);
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

    @CheckForNull
    @SuppressWarnings("rawtypes")
    public <T extends Descriptor> T getDescriptorByType(Class<T> type) {
        return ExtensionList.lookup(Descriptor.class).get(type);
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
