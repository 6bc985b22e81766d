// SPDX-License-Identifier: Apache-2.0
package kernel.core.module;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** References on a module: who may take one, and when it may go. */
class LoadedModuleTest {
    private static final int ROUNDS = 2_000;

    private static LoadedModule module() {
        return new LoadedModule(
                new ModuleInfo("bell", "bell.jar", 1, "", "Apache-2.0", List.of(), List.of(), List.of()), Map.of());
    }

    @Test
    void aModuleInUseIsNotUnloaded() {
        LoadedModule module = module();
        assertThat(module.tryGet()).isTrue();
        assertThat(module.references()).isEqualTo(1);
        assertThat(module.close(false)).isFalse();
        assertThat(module.tryGet()).as("a refusal changes nothing").isTrue();
        module.put();
        module.put();
        assertThat(module.close(false)).isTrue();
        assertThat(module.tryGet()).isFalse();
    }

    @Test
    void byForceItIsAndTheReferencesAreGivenBackAllTheSame() {
        LoadedModule module = module();
        module.tryGet();
        module.tryGet();
        assertThat(module.close(true)).isTrue();
        assertThat(module.tryGet()).isFalse();
        assertThat(module.references()).isEqualTo(2);
        module.put();
        module.put();
        assertThat(module.references()).isZero();
        module.put();
        assertThat(module.references()).as("one too many").isZero();
        assertThat(module.tryGet()).isFalse();
    }

    @Test
    void itIsUnloadedByOneOnly() {
        LoadedModule module = module();
        assertThat(module.close(false)).isTrue();
        assertThat(module.close(false)).isFalse();
        assertThat(module.close(true)).isFalse();
    }

    @Test
    void whatIsBrokenIsNotEnteredAnyMore() {
        LoadedModule module = module();
        module.tryGet();
        module.markBroken();
        assertThat(module.tryGet()).isFalse();
        module.put();
        assertThat(module.close(false)).isTrue();
    }

    @Test
    void itsCodeIsInItsPackages() {
        LoadedModule module = module();
        assertThat(module.hasPackage("drivers.bell")).isTrue();
        module.setPackages(Set.of("com.example", "com.example.more"));
        assertThat(module.hasPackage("com.example.more")).isTrue();
        assertThat(module.hasPackage("drivers.bell")).isFalse();
    }

    /** Users and two who unload: whoever got a reference finds the module open as long as he has it. */
    @Test
    @Timeout(60)
    void nobodyHasAReferenceOnAModuleThatWasUnloadedWithoutForce() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger unloads = new AtomicInteger();
        LoadedModule[] modules = new LoadedModule[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            modules[i] = module();
        }
        CyclicBarrier together = new CyclicBarrier(4);
        AtomicInteger wrong = new AtomicInteger();
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            boolean user = t < 2;
            threads[t] = Thread.ofPlatform().start(() -> {
                for (LoadedModule module : modules) {
                    await(together);
                    if (user) {
                        for (int i = 0; i < 5 && module.tryGet(); i++) {
                            inside.incrementAndGet();
                            inside.decrementAndGet();
                            module.put();
                        }
                    } else {
                        while (!module.close(false) && module.tryGet()) {
                            module.put();
                        }
                        if (inside.get() != 0 && module.references() == 0) {
                            wrong.incrementAndGet();
                        }
                        unloads.incrementAndGet();
                    }
                    await(together);
                    if (module.references() != 0 || module.tryGet()) {
                        wrong.incrementAndGet();
                    }
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wrong.get()).isZero();
        assertThat(unloads.get()).isEqualTo(2 * ROUNDS);
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
