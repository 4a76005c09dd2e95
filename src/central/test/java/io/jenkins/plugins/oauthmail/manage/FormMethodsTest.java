package io.jenkins.plugins.oauthmail.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.Job;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.trigger.OAuthMailTrigger;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import jenkins.model.RunAction2;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.kohsuke.stapler.verb.GET;
import org.kohsuke.stapler.verb.POST;
import org.springframework.security.access.AccessDeniedException;

/** Whoever may not see a form learns nothing from the methods behind it, and no link can call them. */
class FormMethodsTest {
    /** Comes from the provider as a GET, with a state that only one session knows. */
    private static final String REDIRECT = "doRedirect";

    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    /** A method and what to call it on. */
    private record Web(Object target, Method method) {
        @Override
        public String toString() {
            return target.getClass().getName() + "." + method.getName();
        }
    }

    private static List<Web> all() throws Exception {
        Path classes = Path.of(MailAccountsPage.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> names;
        try (Stream<Path> files = Files.walk(classes.resolve("io/jenkins/plugins/oauthmail"))) {
            names = files.map(file -> classes.relativize(file).toString())
                    .filter(name -> name.endsWith(".class"))
                    .map(name -> name.substring(0, name.length() - 6).replace(java.io.File.separatorChar, '.'))
                    .toList();
        }
        List<Web> all = new ArrayList<>();
        for (String name : names) {
            Class<?> type = Class.forName(name, false, FormMethodsTest.class.getClassLoader());
            if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
                continue;
            }
            List<Method> methods = Arrays.stream(type.getMethods())
                    .filter(method -> method.getName().matches("do[A-Z].*")
                            && method.getDeclaringClass().getName().startsWith("io.jenkins.plugins.oauthmail"))
                    .toList();
            if (!methods.isEmpty()) {
                Object target = target(type);
                methods.forEach(method -> all.add(new Web(target, method)));
            }
        }
        return all;
    }

    private static Object target(Class<?> type) throws Exception {
        Constructor<?> constructor = type.getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        Object[] arguments = Arrays.stream(constructor.getParameterTypes())
                .map(parameter -> parameter == OAuthMailTrigger.class ? new OAuthMailTrigger("build-mail") : null)
                .toArray();
        Object made = constructor.newInstance(arguments);
        if (made instanceof RunAction2 action) {
            action.onAttached(new InMemoryJob("demo/pipeline").build());
        }
        return made;
    }

    @Test
    void findsFormMethods() throws Exception {
        List<Web> all = all();
        assertTrue(all.size() > 50, all.toString());
        assertTrue(all.stream().anyMatch(web -> web.target() instanceof Descriptor), all.toString());
    }

    @Test
    void requirePost() throws Exception {
        assertEquals(
                List.of(),
                all().stream()
                        .filter(web -> !web.method().isAnnotationPresent(POST.class))
                        .filter(web -> !web.method().getName().equals(REDIRECT))
                        // Those that say so change nothing.
                        .filter(web -> !web.method().isAnnotationPresent(GET.class))
                        // Changes nothing: answers a reload of the page that a POST led to.
                        .filter(web -> !web.method().getName().equals("doReloaded"))
                        .toList());
    }

    @Test
    void revealNothingWithoutPermission() throws Exception {
        List<String> talkative = new ArrayList<>();
        try (var nobody = rig.jenkins().as("nobody")) {
            for (Web web : all()) {
                for (Item item : new Item[] {null, new InMemoryJob("demo/pipeline")}) {
                    if (item == null && takesJob(web.method())) {
                        // Its action hangs below a job.
                        continue;
                    }
                    for (String text :
                            new String[] {null, "", "x", "contoso", "build-mail", "*", "not one", "9999999"}) {
                        String answer = answer(web, item, text);
                        if (answer != null) {
                            talkative.add(web + "(" + text + "): " + answer);
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), talkative);
    }

    private static boolean takesJob(Method method) {
        return Arrays.asList(method.getParameterTypes()).contains(Job.class);
    }

    /** Null if there was none. */
    private static String answer(Web web, Item item, String text) throws IllegalAccessException {
        Object[] arguments = Arrays.stream(web.method().getParameterTypes())
                .map(type -> type == String.class
                        ? text
                        : type == boolean.class ? (Object) Boolean.TRUE : type.isInstance(item) ? item : null)
                .toArray();
        try {
            web.method().setAccessible(true);
            Object answer = web.method().invoke(web.target(), arguments);
            if (answer instanceof FormValidation validation) {
                return validation == FormValidation.ok() ? null : validation.getMessage();
            }
            if (answer instanceof ListBoxModel items) {
                // The value that is set has come with the request.
                String known = text == null ? "" : text;
                return items.stream().allMatch(option -> option.value.equals(known)) ? null : items.toString();
            }
            return String.valueOf(answer);
        } catch (InvocationTargetException e) {
            return e.getCause() instanceof AccessDeniedException
                    ? null
                    : e.getCause().toString();
        }
    }
}
