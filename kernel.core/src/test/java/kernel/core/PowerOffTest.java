// SPDX-License-Identifier: Apache-2.0
package kernel.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kernel.core.fixture.Booted;
import kernel.core.process.SpawnedProcess;
import kernel.uapi.Signal;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.Test;

/** A machine that is switched off in good order. */
final class PowerOffTest {
    private static final long POWER_OFF = 0x4321_fedc;

    private final List<String> steps = new ArrayList<>();

    private void addSteps(Kernel kernel) {
        kernel.onPowerOff(context -> steps.add("first in, " + alive(kernel) + " processes"));
        kernel.onPowerOff(context -> {
            context.sleep(1_000);
            steps.add("last in");
        });
    }

    private static long alive(Kernel kernel) {
        return kernel.processes().processes().stream()
                .filter(process -> !process.isZombie())
                .count();
    }

    @Test
    void processesEndAndThenTheStepsComeNewestFirst() {
        try (Booted booted = Booted.withSeed(1)) {
            addSteps(booted.kernel());
            SpawnedProcess sleeper = booted.start(user -> (int) user.call(SystemCallNumber.PAUSE));
            booted.kernel().runUntilIdle();
            booted.kernel().call("poweroff", context -> {
                booted.kernel().prepareForPowerOff(context);
                booted.kernel().prepareForPowerOff(context);
                return context;
            });
            assertThat(sleeper.exitStatus() & 0x7f).isEqualTo(Signal.SIGKILL);
            assertThat(steps).containsExactly("last in", "first in, 0 processes");
        }
    }

    @Test
    void theSystemCallDoesSoBeforeTheKernelHalts() {
        try (Booted booted = Booted.withSeed(1)) {
            addSteps(booted.kernel());
            booted.start(user -> (int) user.call(SystemCallNumber.PAUSE));
            booted.start(user -> (int) user.call(SystemCallNumber.REBOOT, 0xfee1deadL, 672274793, POWER_OFF, 0));
            booted.kernel().runUntilIdle();
            assertThat(booted.kernel().isHalted()).isTrue();
            assertThat(steps).containsExactly("last in", "first in, 1 processes");
        }
    }
}
