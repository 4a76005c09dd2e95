package io.jenkins.plugins.oauthmail.approval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The time is up, and there was no last check for answers. */
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LastCheckTest {
    private ApprovalRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new ApprovalRig();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    /** Somebody may have rejected. */
    @Test
    void silenceIsNoConsentWithoutALastCheck() throws Exception {
        ApprovalRig.Asking build = waiting(Map.of("onTimeout", "return"));
        ((ApprovalExecution) build.execution).timeOut();
        AbortException failed = assertThrows(AbortException.class, build::result);
        assertEquals(
                "waitFor: the question was not decided within 1h, and answers by mail may be missing: the last check for"
                        + " them did not end in time.",
                failed.getMessage());
        assertEquals("timedOut", build.approval().getState());
        assertTrue(build.approval().getSummary().endsWith("answers by mail may be missing."));
        assertTrue(build.log().contains("answers by mail may be missing."), build.log());
        // The pipeline is resumed after the record was saved, and nothing else.
        ApprovalRig.Asking after = build.killed();
        after.execution.onResume();
        assertEquals(
                failed.getMessage(),
                assertThrows(AbortException.class, after::result).getMessage());
    }

    @Test
    void rejectsWithoutALastCheckAndSaysSo() throws Exception {
        ApprovalRig.Asking build = waiting(Map.of("onTimeout", "reject"));
        ((ApprovalExecution) build.execution).timeOut();
        AbortException failed = assertThrows(AbortException.class, build::result);
        assertTrue(failed.getMessage().startsWith("Rejected, because"), failed.getMessage());
        assertTrue(failed.getMessage().endsWith("the last check for them did not end in time."), failed.getMessage());
    }

    @Test
    void needsNoLastCheckIfNobodyMayAnswerByMail() throws Exception {
        ApprovalRig.Asking build = waiting(Map.of("approvers", "ben", "onTimeout", "return"));
        ((ApprovalExecution) build.execution).timeOut();
        assertNull(build.result().get("decision"));
        assertNull(build.approval().getMissingBecause());
    }

    private ApprovalRig.Asking waiting(Map<String, Object> how) throws Exception {
        ApprovalRig.Asking build = rig.asked(how);
        build.awaitWaiting();
        return build;
    }
}
