package io.jenkins.plugins.oauthmail.testing.mail;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.function.UnaryOperator;

/** What a fake server claims and how it behaves; may be changed while it runs, new connections see the change. */
public final class ServerTraits {

    private volatile List<String> mechanisms = List.of("XOAUTH2");
    private volatile boolean initialResponse = true;
    private volatile boolean twoSteps = true;
    private volatile boolean startTls = true;
    private volatile boolean pipelining = true;
    private volatile boolean chunking;
    private volatile boolean keeping = true;
    private volatile int mostRecipients = Integer.MAX_VALUE;
    private volatile long size = 36_700_160;
    private volatile int longestLine = 12_288;
    private volatile LoginRefusal refusal = LoginRefusal.JSON;
    private volatile boolean wrongHost;
    private volatile String greeting;
    private volatile UnaryOperator<String> rewrite = UnaryOperator.identity();

    ServerTraits() {}

    /** @param names mechanisms to advertise; without XOAUTH2 among them, no login works */
    @NonNull
    public ServerTraits mechanisms(@NonNull String... names) {
        mechanisms = List.of(names);
        return this;
    }

    /** @param taken IMAP: SASL-IR is advertised; SMTP: a token in the AUTH line is taken, else refused with 501 */
    @NonNull
    public ServerTraits initialResponse(boolean taken) {
        initialResponse = taken;
        return this;
    }

    /** @param taken whether AUTH without a token in the same line is taken, else refused with 501 or BAD */
    @NonNull
    public ServerTraits twoSteps(boolean taken) {
        twoSteps = taken;
        return this;
    }

    /** @param offered whether STARTTLS is advertised, on ports that begin in plain text */
    @NonNull
    public ServerTraits startTls(boolean offered) {
        startTls = offered;
        return this;
    }

    /** @param offered whether SMTP advertises PIPELINING */
    @NonNull
    public ServerTraits pipelining(boolean offered) {
        pipelining = offered;
        return this;
    }

    /** @param offered whether SMTP advertises CHUNKING */
    @NonNull
    public ServerTraits chunking(boolean offered) {
        chunking = offered;
        return this;
    }

    /** @param kept whether SMTP keeps the mails it takes; else it only counts their octets */
    @NonNull
    public ServerTraits keeping(boolean kept) {
        keeping = kept;
        return this;
    }

    /** @param octets advertised and enforced SIZE of a mail; zero to advertise none */
    @NonNull
    public ServerTraits size(long octets) {
        size = octets;
        return this;
    }

    /** @param number how many recipients of a mail SMTP takes; further ones get 452 4.5.3 */
    @NonNull
    public ServerTraits mostRecipients(int number) {
        mostRecipients = number;
        return this;
    }

    int mostRecipients() {
        return mostRecipients;
    }

    /** @param octets longest command line; a longer one is refused with 500 or BAD */
    @NonNull
    public ServerTraits longestLine(int octets) {
        longestLine = octets;
        return this;
    }

    /** @param how wrong tokens are refused */
    @NonNull
    public ServerTraits refusal(@NonNull LoginRefusal how) {
        refusal = how;
        return this;
    }

    /** @param wrong whether the certificate shown is one for another host */
    @NonNull
    public ServerTraits wrongHost(boolean wrong) {
        wrongHost = wrong;
        return this;
    }

    /** @param line greets with this, after which the connection is closed; null for the usual greeting */
    @NonNull
    public ServerTraits greeting(String line) {
        greeting = line;
        return this;
    }

    /** @param change applied to every line that the IMAP server says after the login, literals excepted */
    @NonNull
    public ServerTraits rewrite(@NonNull UnaryOperator<String> change) {
        rewrite = change;
        return this;
    }

    List<String> mechanisms() {
        return mechanisms;
    }

    boolean initialResponse() {
        return initialResponse;
    }

    boolean twoSteps() {
        return twoSteps;
    }

    boolean startTls() {
        return startTls;
    }

    boolean pipelining() {
        return pipelining;
    }

    boolean chunking() {
        return chunking;
    }

    boolean keeping() {
        return keeping;
    }

    long size() {
        return size;
    }

    int longestLine() {
        return longestLine;
    }

    LoginRefusal refusal() {
        return refusal;
    }

    boolean wrongHost() {
        return wrongHost;
    }

    String greeting() {
        return greeting;
    }

    UnaryOperator<String> rewrite() {
        return rewrite;
    }
}
