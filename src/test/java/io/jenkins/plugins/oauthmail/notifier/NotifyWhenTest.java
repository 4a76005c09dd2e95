package io.jenkins.plugins.oauthmail.notifier;

import static hudson.model.Result.ABORTED;
import static hudson.model.Result.FAILURE;
import static hudson.model.Result.SUCCESS;
import static hudson.model.Result.UNSTABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hudson.model.Result;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NotifyWhenTest {
    @Test
    void firstBuildOfAJob() {
        assertEquals(EnumSet.of(NotifyWhen.ALWAYS, NotifyWhen.SUCCESS), after(SUCCESS, null));
        assertEquals(EnumSet.of(NotifyWhen.ALWAYS, NotifyWhen.FAILURE, NotifyWhen.FIRST_FAILURE), after(FAILURE, null));
    }

    @Test
    void sameResultAsBefore() {
        assertEquals(EnumSet.of(NotifyWhen.ALWAYS, NotifyWhen.SUCCESS), after(SUCCESS, SUCCESS));
        assertEquals(
                EnumSet.of(NotifyWhen.ALWAYS, NotifyWhen.FAILURE, NotifyWhen.STILL_FAILING), after(FAILURE, FAILURE));
    }

    @Test
    void otherResultThanBefore() {
        assertEquals(
                EnumSet.of(
                        NotifyWhen.ALWAYS,
                        NotifyWhen.SUCCESS,
                        NotifyWhen.FIXED,
                        NotifyWhen.CHANGED,
                        NotifyWhen.IMPROVEMENT),
                after(SUCCESS, FAILURE));
        assertEquals(
                EnumSet.of(
                        NotifyWhen.ALWAYS,
                        NotifyWhen.FAILURE,
                        NotifyWhen.FIRST_FAILURE,
                        NotifyWhen.CHANGED,
                        NotifyWhen.REGRESSION),
                after(FAILURE, UNSTABLE));
        assertEquals(
                EnumSet.of(NotifyWhen.ALWAYS, NotifyWhen.UNSTABLE, NotifyWhen.CHANGED, NotifyWhen.REGRESSION),
                after(UNSTABLE, SUCCESS));
        assertEquals(
                EnumSet.of(NotifyWhen.ALWAYS, NotifyWhen.UNSTABLE, NotifyWhen.CHANGED, NotifyWhen.IMPROVEMENT),
                after(UNSTABLE, FAILURE));
        assertEquals(EnumSet.of(NotifyWhen.ALWAYS, NotifyWhen.ABORTED, NotifyWhen.CHANGED), after(ABORTED, SUCCESS));
    }

    @Test
    void parsesNamesLeniently() {
        assertEquals(EnumSet.of(NotifyWhen.ALWAYS), NotifyWhen.parse(null));
        assertEquals(EnumSet.of(NotifyWhen.ALWAYS), NotifyWhen.parse(" , "));
        assertEquals(EnumSet.of(NotifyWhen.FAILURE, NotifyWhen.FIXED), NotifyWhen.parse("fixed,\nFAILURE;"));
        assertEquals("FAILURE, FIXED", NotifyWhen.join(NotifyWhen.parse("FIXED FAILURE")));
        assertThrows(IllegalArgumentException.class, () -> NotifyWhen.parse("NEVER"));
    }

    private static Set<NotifyWhen> after(Result result, Result previous) {
        return Arrays.stream(NotifyWhen.values())
                .filter(when -> when.matches(result, previous))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(NotifyWhen.class)));
    }
}
