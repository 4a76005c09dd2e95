package io.jenkins.plugins.oauthmail.testing;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import java.lang.reflect.Proxy;

/** A job or folder that anybody may do anything with; it has nothing else, and needs no controller. */
public final class OpenItem {
    private OpenItem() {}

    @NonNull
    public static Item item() {
        return (Item) Proxy.newProxyInstance(
                OpenItem.class.getClassLoader(), new Class<?>[] {Item.class}, (proxy, method, arguments) -> {
                    if (method.getReturnType() == boolean.class) {
                        return true;
                    }
                    throw new UnsupportedOperationException(method.toString());
                });
    }
}
