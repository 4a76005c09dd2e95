package io.jenkins.plugins.oauthmail.bench;

import com.cloudbees.plugins.credentials.CredentialsScope;
import io.jenkins.inmemory.InMemoryCredentials;
import io.jenkins.inmemory.InMemoryJenkins;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.inmemory.InMemoryStepContext;
import io.jenkins.plugins.oauthmail.config.ClientSecret;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailServer;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.testing.Await;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.testing.ManyWaits;
import io.jenkins.plugins.oauthmail.testing.mail.MailServerFake;
import io.jenkins.plugins.oauthmail.testing.mail.ServerKind;
import io.jenkins.plugins.oauthmail.trigger.OAuthMailTrigger;
import jakarta.mail.Flags;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * W1 one mail for one of many who wait, W2 one for nobody, W3 many who begin to wait at a mailbox of 1,000 mails, W4 a
 * mail for one of fifty triggers, W5 many who wait on fifty accounts. They need no server: the mail server is a fake one
 * in this process, behind a delay. System properties: {@code waits} how many wait (500), {@code rtt} round-trip time in
 * milliseconds (50), {@code server} {@code PLAIN} or {@code EXCHANGE}.
 */
public final class WaitUnits {
    private static final int ACCOUNTS = 50;
    private static final int TRIGGERS = 50;
    private static final int MAILS = 1000;

    private final int count = Integer.getInteger("waits", 500);
    private final String unit;
    private final JenkinsRig rig;
    private final DelayedServer far;
    private final ManyWaits waits;
    private long cpu;

    private WaitUnits(String unit) throws Exception {
        this.unit = unit;
        rig = JenkinsRig.open(new MailServerFake(ServerKind.valueOf(System.getProperty("server", "PLAIN"))));
        far = new DelayedServer(rig.imap().port(), Integer.getInteger("rtt", 50));
        rig.jenkins()
                .credentials()
                .add(InMemoryCredentials.secretText(CredentialsScope.SYSTEM, "secret", JenkinsRig.CLIENT_SECRET));
        rig.define(new ClientSecret("secret"));
        waits = new ManyWaits(rig, "demo/pipeline");
    }

    /**
     * Prints connections, commands, times and threads.
     *
     * @return whether there is such a unit
     */
    public static boolean run(String unit) throws Exception {
        if (!List.of("W1", "W2", "W3", "W4", "W5").contains(unit)) {
            return false;
        }
        new WaitUnits(unit).run();
        return true;
    }

    private void run() throws Exception {
        switch (unit) {
            case "W1" -> oneMail("build 377 is done");
            case "W2" -> oneMail("for nobody");
            case "W3" -> start();
            case "W4" -> triggers();
            default -> accounts();
        }
    }

    /** Accounts that need nobody to sign in. */
    private void accounts(List<String> ids) {
        Endpoint imap = rig.imap();
        List<MailAccount> accounts = new ArrayList<>();
        for (String id : ids) {
            String address = ids.size() == 1 ? JenkinsRig.ADDRESS : id + "@contoso.test";
            rig.mail().mailbox(address);
            rig.entra().grantMailbox(JenkinsRig.CLIENT_ID, address);
            MailAccount account = new MailAccount(id, address, JenkinsRig.APPLICATION);
            account.setGrant(Grant.APPLICATION);
            account.setMayRead("demo/**");
            account.setImapServer(new MailServer(imap.host(), far.port(), imap.security()));
            accounts.add(account);
        }
        OAuthMailConfiguration.get().setAccounts(accounts);
    }

    private void deliver(String subject) {
        rig.mail().deliver(JenkinsRig.ADDRESS, "INBOX", ManyWaits.mail(subject), Instant.now(), new Flags());
    }

    private List<InMemoryStepContext> wait(int howMany) throws Exception {
        List<InMemoryStepContext> builds = new ArrayList<>();
        for (int i = 0; i < howMany; i++) {
            builds.add(waits.start(Map.of("subject", "build " + i + " is")));
        }
        return builds;
    }

    private void oneMail(String subject) throws Exception {
        accounts(List.of(JenkinsRig.ACCOUNT));
        deliver("an old one");
        List<InMemoryStepContext> builds = wait(count);
        waits.settle();
        cpu = cpu();
        long begin = System.nanoTime();
        deliver(subject);
        if (subject.startsWith("build")) {
            builds.get(Math.min(count - 1, 377)).result();
            print("goes on", millisSince(begin) + " ms");
        }
        waits.awaitLooks();
        print("all have decided", millisSince(begin) + " ms");
        printCost();
    }

    private void start() throws Exception {
        accounts(List.of(JenkinsRig.ACCOUNT));
        for (int i = 0; i < MAILS; i++) {
            deliver("mail " + i);
        }
        cpu = cpu();
        long begin = System.nanoTime();
        wait(count);
        print("all have begun", millisSince(begin) + " ms");
        waits.awaitStart();
        print("all have looked", millisSince(begin) + " ms");
        print("CPU", (cpu() - cpu) / 1_000_000 + " ms");
        waits.settle();
        print("connections", rig.mail().imapConnections());
        print("lines", rig.mail().imapHeard().size());
    }

    private void triggers() throws Exception {
        accounts(List.of(JenkinsRig.ACCOUNT));
        deliver("an old one");
        for (int i = 0; i < TRIGGERS; i++) {
            InMemoryJob job = new InMemoryJob("demo/deploy-" + i);
            InMemoryJenkins.current().items().add(job);
            OAuthMailTrigger trigger = new OAuthMailTrigger(JenkinsRig.ACCOUNT);
            trigger.setFrom("ann@contoso.test");
            trigger.setSubject("deploy " + i + " now");
            job.trigger(trigger);
            trigger.start(job, true);
        }
        waits.settle();
        cpu = cpu();
        long begin = System.nanoTime();
        deliver("deploy 17 now");
        Await.until(() -> hudson.model.Queue.getInstance().getItems().length > 0);
        print("build is queued", millisSince(begin) + " ms");
        waits.awaitLooks();
        print("all have decided", millisSince(begin) + " ms");
        printCost();
    }

    private void accounts() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < ACCOUNTS; i++) {
            ids.add("account-" + i);
        }
        accounts(ids);
        long threads = ours();
        for (int i = 0; i < count; i++) {
            waits.start(Map.of("account", "account-" + i % ACCOUNTS, "subject", "build " + i));
        }
        Await.until(() -> rig.mail().idling() == ACCOUNTS && rig.mail().imapClients() == ACCOUNTS);
        print("connections open", rig.mail().imapClients());
        print("connections opened", rig.mail().imapConnections());
        // A thread that has looked ends a moment after its connection.
        Await.until(() -> ours() - threads <= ACCOUNTS);
        print("threads", ours() - threads);
    }

    /** The threads of this JVM that do not belong to the fake servers. */
    private static long ours() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> List.of(thread.getValue()).stream()
                        .anyMatch(frame -> frame.getClassName().contains(".oauthmail.watch.")))
                .count();
    }

    /** The CPU time of the threads that watch and look, in nanoseconds. */
    private static long cpu() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("Computer.threadPoolForRemoting"))
                .mapToLong(thread -> threads.getThreadCpuTime(thread.getId()))
                .sum();
    }

    private void printCost() throws Exception {
        print("CPU", (cpu() - cpu) / 1_000_000 + " ms");
        waits.awaitQuiet();
        print("connections", waits.connections());
        print("commands", waits.commands().size());
        if (Boolean.getBoolean("trace")) {
            waits.commands().forEach(command -> print("command", command));
        }
    }

    private static long millisSince(long begin) {
        return (System.nanoTime() - begin) / 1_000_000;
    }

    private void print(String what, Object value) {
        System.out.println(unit + "\t" + what + "\t" + value);
    }
}
