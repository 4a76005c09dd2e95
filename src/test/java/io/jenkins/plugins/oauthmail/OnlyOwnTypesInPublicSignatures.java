package io.jenkins.plugins.oauthmail;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;

/** A class's public methods and constructors take, give and throw no type of the named packages. */
final class OnlyOwnTypesInPublicSignatures extends ArchCondition<JavaClass> {
    private final List<String> packages;

    OnlyOwnTypesInPublicSignatures(String... packages) {
        super("show no type of " + List.of(packages) + " in a public signature");
        this.packages = List.of(packages);
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        for (JavaCodeUnit unit : type.getCodeUnits()) {
            if (unit.getModifiers().contains(JavaModifier.PUBLIC)) {
                boolean shows = isForeign(unit.getRawReturnType())
                        || unit.getRawParameterTypes().stream().anyMatch(this::isForeign)
                        || unit.getThrowsClause().stream().anyMatch(thrown -> isForeign(thrown.getRawType()));
                events.add(new SimpleConditionEvent(unit, !shows, unit.getFullName()));
            }
        }
    }

    private boolean isForeign(JavaClass type) {
        return packages.stream().anyMatch(type.getPackageName()::startsWith);
    }
}
