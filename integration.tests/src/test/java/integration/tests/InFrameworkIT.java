// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import integration.tests.framework.InFramework;
import integration.tests.framework.LoaderWatch;
import integration.tests.framework.TestBundle;
import integration.tests.framework.TestFramework;
import integration.tests.specimens.Greeter;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.BundleReference;
import org.osgi.framework.FrameworkUtil;

/** What a test in the framework can rely on. */
@InFramework(bundles = {})
class InFrameworkIT {
    private static boolean preparedOnce;

    private boolean prepared;

    @BeforeAll
    static void prepareOnce() {
        assertInside();
        preparedOnce = true;
    }

    @BeforeEach
    void prepare() {
        assertInside();
        prepared = true;
    }

    @AfterEach
    void cleanUp() {
        assertInside();
        assertThat(prepared).isTrue();
    }

    @Test
    void theTestIsLoadedByTheFramework(BundleContext context) {
        assertThat(FrameworkUtil.getBundle(InFrameworkIT.class)).isSameAs(context.getBundle());
        assertThat(preparedOnce && prepared).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void parametersReachTheTest(String parameter) {
        assertThat(parameter).isIn("a", "b");
        assertThat(prepared).isTrue();
    }

    @Nested
    class WithinAnother {
        @Test
        void theEnclosingInstanceIsTheOneInside() {
            assertInside();
            assertThat(prepared).isTrue();
        }
    }

    @Test
    void aBundleMadeForATestGivesItsService(TestFramework framework) throws Exception {
        Bundle bundle = framework.install(greeter());
        bundle.start();
        assertThat(framework.service(Supplier.class).get())
                .asString()
                .startsWith("hello from")
                .contains("greeter");
        bundle.uninstall();
    }

    @Test
    void theLoaderOfABundleThatIsGoneIsCollected(TestFramework framework) throws Exception {
        Bundle bundle = framework.install(greeter());
        bundle.start();
        LoaderWatch watch = framework.watch(bundle);
        bundle.uninstall();
        framework.refresh(bundle);
        watch.awaitCollected();
    }

    @Test
    void theLoaderOfABundleThatSomebodyHoldsIsNot(TestFramework framework) throws Exception {
        Bundle bundle = framework.install(greeter());
        bundle.start();
        LoaderWatch watch = framework.watch(bundle);
        Object held = framework.service(Supplier.class);
        bundle.uninstall();
        framework.refresh(bundle);
        assertThat(watch.isCollected()).isFalse();
        assertThat(held).isNotNull();
    }

    @Test
    void refreshingAnotherBundleLeavesTheTestAlone(TestFramework framework) throws Exception {
        Bundle bundle = framework.install(greeter());
        bundle.start();
        framework.refresh(bundle);
        assertThat(framework.context().getBundle().getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE);
        bundle.uninstall();
    }

    @Test
    void aBundleThatImportsWhatNobodyHasDoesNotResolve(TestFramework framework) throws Exception {
        Bundle bundle = framework.install(greeter().header("Import-Package", "nobody.has.it, *"));
        assertThatThrownBy(bundle::start).isInstanceOf(BundleException.class).hasMessageContaining("nobody.has.it");
        bundle.uninstall();
    }

    private static TestBundle greeter() {
        return TestBundle.named("greeter").with(Greeter.class);
    }

    private static void assertInside() {
        assertThat(InFrameworkIT.class.getClassLoader()).isInstanceOf(BundleReference.class);
    }
}
