package io.jenkins.plugins.oauthmail.testing.mail;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A test of {@link OnEveryServer} that depends on what Microsoft Graph answers. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ByGraph.Condition.class)
public @interface ByGraph {

    /** Leaves the test out for IMAP and SMTP. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return ServerKind.current() == ServerKind.GRAPH
                    ? ConditionEvaluationResult.enabled("")
                    : ConditionEvaluationResult.disabled("It is about Microsoft Graph.");
        }
    }
}
