// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import integration.tests.specimens.MissingBundle;
import integration.tests.specimens.WrongExpectation;
import integration.tests.specimens.WrongSetup;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/**
 * The extension believed: what is wrong in a test that runs in the framework is reported as failed, and nothing else
 * is.
 */
class FrameworkExtensionIT {
    @Test
    void aWrongExpectationFails() {
        EngineExecutionResults results = run(WrongExpectation.class);
        results.testEvents()
                .assertStatistics(events -> events.started(3).succeeded(1).failed(2));
        results.testEvents()
                .failed()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                test("theSystemBundleIsGone"),
                                finishedWithFailure(
                                        instanceOf(AssertionError.class), message(text -> text.contains("32")))))
                .haveExactly(
                        1,
                        event(
                                test("whatNobodyEverInstalledIsThere"),
                                finishedWithFailure(instanceOf(AssertionError.class))));
    }

    @Test
    void aFailingPreparationFailsTheTest() {
        EngineExecutionResults results = run(WrongSetup.class);
        results.testEvents().assertStatistics(events -> events.started(1).failed(1));
        results.testEvents()
                .failed()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(finishedWithFailure(instanceOf(IllegalStateException.class), message("not prepared"))));
    }

    @Test
    void aBundleThatNobodyHasFailsTheClassAndIsNamed() {
        EngineExecutionResults results = run(MissingBundle.class);
        results.testEvents().assertStatistics(events -> events.started(0));
        assertThat(results.containerEvents().failed().stream())
                .singleElement()
                .extracting(event -> event.getRequiredPayload(org.junit.platform.engine.TestExecutionResult.class)
                        .getThrowable()
                        .orElseThrow())
                .asInstanceOf(THROWABLE)
                .hasMessageContaining("no bundle no.such.bundle");
    }

    private static EngineExecutionResults run(Class<?> specimen) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(specimen))
                .execute();
    }
}
