// SPDX-License-Identifier: Apache-2.0
package kernel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kernel.core.schedule.ExploringSchedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Are kernel parameters understood, and is what is not understood refused? */
final class KernelConfigTest {
    @Test
    void defaultsAreThoseOfASmallMachine() {
        KernelConfig config = KernelConfig.parse();
        assertThat(config.cpus()).isEqualTo(2);
        assertThat(config.memoryBytes()).isEqualTo(256L << 20);
        assertThat(config.iommu()).isTrue();
        assertThat(config.isDeterministic()).isFalse();
        assertThat(config.panicOnOops()).isFalse();
    }

    @Test
    void parametersChangeThem() {
        KernelConfig config =
                KernelConfig.parse("panic_on_oops=1", "maxcpus=4", "mem=64M", "iommu=off", "loglevel=3", "slub_debug");
        assertThat(config.panicOnOops()).isTrue();
        assertThat(config.cpus()).isEqualTo(4);
        assertThat(config.memoryBytes()).isEqualTo(64L << 20);
        assertThat(config.iommu()).isFalse();
        assertThat(config.logLevel()).isEqualTo(3);
        assertThat(config.slubDebug()).isTrue();
        assertThat(KernelConfig.parse("oops=panic").panicOnOops()).isTrue();
        assertThat(KernelConfig.parse("mem=8192k").memoryBytes()).isEqualTo(8L << 20);
        assertThat(KernelConfig.parse("mem=1G", "cpus=1").cpus()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cpus=0",
                "cpus=65",
                "cpus=two",
                "mem=",
                "mem=M",
                "mem=-1M",
                "mem=5000000",
                "iommu=maybe",
                "loglevel=9",
                "oops=ignore",
                "panic_on_oops=2",
                "quite",
                "=",
                ""
            })
    void whatDoesNotFitIsRefused(String parameter) {
        assertThatThrownBy(() -> KernelConfig.parse(parameter)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anUnknownParameterIsToldWhichAreKnown() {
        assertThatThrownBy(() -> KernelConfig.parse("iomu=off"))
                .hasMessageContaining("unknown kernel parameter 'iomu=off'")
                .hasMessageContaining("iommu=on|off");
    }

    @Test
    void eachKernelGetsAScheduleOfItsOwn() {
        KernelConfig config = KernelConfig.deterministic(5).withSchedule(ExploringSchedule::new);
        assertThat(config.schedule().apply(5)).isNotSameAs(config.schedule().apply(5));
        assertThat(config.withSeed(6).seed()).isEqualTo(6);
        assertThat(config.withName("x").withCpus(3).withLogLevel(1).name()).isEqualTo("x");
    }
}
