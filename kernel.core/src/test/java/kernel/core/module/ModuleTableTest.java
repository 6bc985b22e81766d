// SPDX-License-Identifier: Apache-2.0
package kernel.core.module;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The modules in the kernel, as lsmod and /proc/modules show them. */
class ModuleTableTest {
    private final ModuleTable table = new ModuleTable();

    private LoadedModule load(String name, long size, String... depends) {
        return table.add(
                new ModuleInfo(name, name + ".jar", size, "", "GPL", List.of(), List.of(), List.of(depends)), Map.of());
    }

    @Test
    void aNameIsThereOnce() {
        LoadedModule first = load("bell_core", 1);
        assertThat(load("bell_core", 2)).isNull();
        assertThat(table.get("bell_core")).isSameAs(first);
        assertThat(table.get("bell-core")).as("- and _ are the same").isSameAs(first);
        assertThat(table.get("bell")).isNull();
    }

    @Test
    void theNewestComesFirst() {
        load("a", 1);
        load("b", 1);
        load("c", 1);
        assertThat(table.modules()).extracting(LoadedModule::name).containsExactly("c", "b", "a");
    }

    @Test
    void procModulesSaysWhoUsesWhat() {
        LoadedModule core = load("core", 4096);
        LoadedModule bell = load("bell", 512, "core");
        load("gong", 100, "core");
        table.live(core);
        table.live(bell);
        bell.tryGet();
        table.beginUnload(table.get("gong"), false);
        assertThat(table.procText()).isEqualTo("""
                        gong 100 0 - Unloading 0x0000000000000000 (O)
                        bell 512 1 - Live 0x0000000000000000 (O)
                        core 4096 2 gong,bell, Live 0x0000000000000000 (O)
                        """);
    }

    @Test
    void unloadingGoesInTwoSteps() {
        LoadedModule module = load("bell", 1);
        assertThat(module.state()).hasToString("Loading");
        table.live(module);
        assertThat(module.state()).hasToString("Live");
        module.tryGet();
        assertThat(table.beginUnload(module, false)).isFalse();
        assertThat(module.state()).as("a refusal leaves it alive").hasToString("Live");
        assertThat(table.beginUnload(module, true)).isTrue();
        assertThat(module.state()).hasToString("Unloading");
        assertThat(table.get("bell")).isSameAs(module);
        table.remove(module);
        assertThat(table.get("bell")).isNull();
        LoadedModule again = load("bell", 1);
        table.remove(module);
        assertThat(table.get("bell")).as("the one of before is not this one").isSameAs(again);
    }
}
