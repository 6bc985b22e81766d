// SPDX-License-Identifier: Apache-2.0
package shell.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kernel.core.control.ModuleControl.ModuleDescription;
import kernel.core.control.ModuleControl.Parameter;
import org.junit.jupiter.api.Test;

/** The columns of kmod's tools. */
class ModuleTextTest {
    private static final ModuleDescription THERMO = new ModuleDescription(
            "thermo",
            "/lib/thermo.jar",
            4711,
            "My thermometer",
            "GPL",
            "Acme",
            "1.2.3",
            List.of("acme,thermo", "acme,thermo2"),
            List.of(new Parameter("offset", "int", "Added to each value"), new Parameter("loud", "bool", "Noise")),
            List.of("bus", "hwmon"));

    @Test
    void lsmodHasLinuxsColumns() {
        assertThat(ModuleText.lsmod("""
                        thermo 4711 2 - Live 0x0000000000000000 (O)
                        a_module_with_a_very_long_name 1234567 0 - Live 0x0000000000000000 (O)
                        bus 20480 2 thermo,hwmon, Live 0x0000000000000000 (O)
                        """)).isEqualTo("""
                        Module                  Size  Used by
                        thermo                  4711  2
                        a_module_with_a_very_long_name  1234567  0
                        bus                    20480  2 thermo,hwmon
                        """);
    }

    @Test
    void lsmodOfNothingIsItsHeader() {
        assertThat(ModuleText.lsmod("")).isEqualTo("Module                  Size  Used by\n");
    }

    @Test
    void modinfoShowsOneFieldALine() {
        assertThat(ModuleText.modinfo(THERMO, "6.12.0-ubend SMP")).isEqualTo("""
                        filename:       /lib/thermo.jar
                        version:        1.2.3
                        license:        GPL
                        description:    My thermometer
                        author:         Acme
                        alias:          acme,thermo
                        alias:          acme,thermo2
                        depends:        bus,hwmon
                        name:           thermo
                        vermagic:       6.12.0-ubend SMP
                        parm:           offset:Added to each value (int)
                        parm:           loud:Noise (bool)
                        """);
    }

    @Test
    void oneFieldIsShownWithoutItsName() {
        assertThat(ModuleText.modinfo(THERMO, "", "alias")).isEqualTo("acme,thermo\nacme,thermo2\n");
        assertThat(ModuleText.modinfo(THERMO, "", "nonsense")).isEmpty();
    }
}
