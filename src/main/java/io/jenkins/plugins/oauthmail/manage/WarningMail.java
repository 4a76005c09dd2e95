package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.XmlFile;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import hudson.util.XStream2;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.account.FailureText;
import io.jenkins.plugins.oauthmail.config.AccountsListener;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.config.StoredXml;
import io.jenkins.plugins.oauthmail.jobs.MailDraft;
import io.jenkins.plugins.oauthmail.jobs.MailOrigin;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Reports each problem once to the configured addresses, with a mail account that can send. A problem that recurs is
 * reported again. If a report cannot be sent, it is retried an hour later.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class WarningMail extends AsyncPeriodicWork implements AccountsListener {
    private static final XStream2 XML = StoredXml.of();
    private static final Logger LOGGER = Logger.getLogger(WarningMail.class.getName());

    private final Clock clock;

    /** Also kept in memory, so that problems are not reported every hour while the file cannot be read or written. */
    private List<String> told;

    /** Accounts that were authorized or forgotten since the last run; their problems count as new. */
    private final Set<String> renewed = ConcurrentHashMap.newKeySet();

    /** Called by Jenkins. */
    public WarningMail() {
        this(Clock.systemUTC());
    }

    WarningMail(Clock clock) {
        super("OAuth Mail warnings");
        this.clock = clock;
    }

    @Override
    public long getRecurrencePeriod() {
        return HOUR;
    }

    @Override
    public void authorized(@NonNull String accountId) {
        renewed.add(accountId);
    }

    @Override
    public void forgotten(@NonNull String accountId) {
        renewed.add(accountId);
    }

    @Override
    protected synchronized void execute(@NonNull TaskListener listener) throws IOException, InterruptedException {
        Instant now = clock.instant();
        String address = OAuthMailConfiguration.get().getWarningsTo();
        List<Problem> problems = address == null
                ? List.of()
                : Problems.at(now).stream().filter(Problem::urgent).toList();
        Set<String> anew = Set.copyOf(renewed);
        List<String> told = told().stream()
                .filter(key -> anew.stream().noneMatch(id -> Problem.isOfAccount(id, key)))
                .toList();
        List<Problem> untold = problems.stream()
                .filter(problem -> !told.contains(problem.key()))
                .toList();
        boolean saidSo = !untold.isEmpty() && tell(address, untold, listener);
        List<String> tellNoMore = problems.stream()
                .filter(problem -> saidSo || told.contains(problem.key()))
                .map(Problem::key)
                .collect(Collectors.toCollection(ArrayList::new));
        renewed.removeAll(anew);
        if (!tellNoMore.equals(this.told)) {
            this.told = tellNoMore;
            file().write(tellNoMore);
        }
    }

    private static boolean tell(String address, List<Problem> problems, TaskListener listener)
            throws IOException, InterruptedException {
        String url = Jenkins.get().getRootUrl();
        String body = problems.stream().map(WarningMail::text).collect(Collectors.joining("\n\n")) + "\n\n"
                + Messages.WarningMail_where(url == null ? MailAccountsPage.PATH : url + MailAccountsPage.PATH);
        MailDraft draft = MailDraft.about(Messages.WarningMail_subject())
                .to(address)
                .text(body)
                .by(MailOrigin.plugin(ActivitySource.WARNING))
                .build();
        for (MailAccount account : usable()) {
            try {
                draft.send(account, null, listener);
                return true;
            } catch (AbortException e) {
                listener.error("Mail account " + account.getId() + " cannot send the warning: " + e.getMessage());
            }
        }
        listener.error("No mail account works, so no warning was sent to " + address + ": " + body);
        return false;
    }

    /** The fix first, and then what servers said. */
    private static String text(Problem problem) {
        FailureText text = FailureText.of(problem.sentence());
        return Stream.concat(Stream.of(text.summary()), text.details().stream().map(words -> "> " + words))
                .collect(Collectors.joining("\n"));
    }

    /** The accounts that may be able to send, those that work in every way first, those that last failed to send last. */
    private static List<MailAccount> usable() {
        return OAuthMailConfiguration.get().getAccounts().stream()
                .filter(AccountState::maySend)
                .sorted(Comparator.<MailAccount, Boolean>comparing(account ->
                                AccountState.ofSending(account).level().isProblem())
                        .thenComparing(account -> AccountState.of(account).level()))
                .toList();
    }

    /** Keys of the reported problems; empty if they cannot be read, since reporting twice is better than never. */
    private List<String> told() {
        if (told != null) {
            return told;
        }
        List<String> keys = new ArrayList<>();
        try {
            XmlFile file = file();
            if (file.exists() && file.read() instanceof List<?> read) {
                read.forEach(key -> keys.add(String.valueOf(key)));
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Cannot read which problems were reported; reporting them again", e);
        }
        told = keys;
        return keys;
    }

    private static XmlFile file() throws IOException {
        return StoredXml.state(XML, "warnings.xml", "manage.WarningMail");
    }
}
