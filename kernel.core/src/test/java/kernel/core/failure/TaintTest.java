// SPDX-License-Identifier: Apache-2.0
package kernel.core.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Are the flags Linux's, in Linux's columns? */
final class TaintTest {
    @Test
    void withoutFlagsTheKernelIsNotTainted() {
        assertThat(new Taint().text()).isEqualTo("Not tainted");
        assertThat(new Taint().legend()).isEmpty();
    }

    @Test
    void eachFlagHasItsColumnAndItsBit() {
        Taint taint = new Taint();
        taint.add(Taint.Flag.OOT_MODULE);
        taint.add(Taint.Flag.WARN);
        taint.add(Taint.Flag.WARN);
        assertThat(taint.text()).isEqualTo("Tainted: G        W  O");
        assertThat(taint.mask()).isEqualTo((1 << 9) + (1 << 12));
        assertThat(taint.legend()).isEqualTo("[W]=WARN, [O]=OOT_MODULE");
        taint.add(Taint.Flag.PROPRIETARY_MODULE);
        assertThat(taint.text()).isEqualTo("Tainted: P        W  O");
        assertThat(taint.has(Taint.Flag.DIE)).isFalse();
    }
}
