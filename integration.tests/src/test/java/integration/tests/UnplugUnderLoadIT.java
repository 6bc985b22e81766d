// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import integration.tests.framework.InFramework;
import integration.tests.framework.TestFramework;
import integration.tests.machine.PersistentReader;
import integration.tests.machine.TestMachine;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Sensors are pulled out from under those who read them, again and again. */
@InFramework(
        bundles = {"hardware.machine", "kernel.api", "kernel.core", "kernel.vfs", "hardware.tempsensor", "userland"},
        properties = "ubend.parameters=devices=")
class UnplugUnderLoadIT {
    private static final int ROUNDS = Effort.of(200, 20_000);
    private static final List<String> NODES = List.of("/dev/tempsensor", "/dev/tempsensor1");
    private static final int READERS = 4;

    @Test
    void everyReaderLearnsItAndGoesOnWithTheNextSensor(TestFramework framework) throws InterruptedException {
        TestMachine machine = TestMachine.reboot(framework);
        // Which node a sensor has: the one that is free when it comes.
        String[] sensors = {machine.plugSensor("conversion_us=200"), machine.plugSensor("conversion_us=200")};
        assertThat(machine.insmod("drivers.tempsensor")).isZero();
        List<PersistentReader> readers = IntStream.range(0, READERS)
                .mapToObj(i -> PersistentReader.start(machine, NODES.get(i % NODES.size())))
                .toList();
        for (int round = 0; round < ROUNDS; round++) {
            int victim = round / 3 % sensors.length;
            List<PersistentReader> bereaved = IntStream.range(0, READERS)
                    .filter(i -> i % NODES.size() == victim)
                    .mapToObj(readers::get)
                    .toList();
            machine.await(
                    "the node is open in round " + round,
                    () -> bereaved.stream().allMatch(reader -> reader.openings() == reader.losses() + 1));
            machine.unplug(sensors[victim]);
            machine.await(
                    "its readers are told in round " + round,
                    () -> bereaved.stream().allMatch(reader -> reader.openings() == reader.losses()));
            sensors[victim] = machine.plugSensor("conversion_us=200");
            assertThat(machine.device(sensors[victim]).nodes())
                    .containsExactly(NODES.get(victim).substring("/dev/".length()));
        }
        int[] readings = readers.stream().mapToInt(PersistentReader::readings).toArray();
        machine.await(
                "all readers still read",
                () -> IntStream.range(0, READERS).allMatch(i -> readers.get(i).readings() > readings[i]));
        readers.forEach(PersistentReader::stop);
        assertThat(machine.modules().loaded().getFirst().references()).isZero();
        assertThat(machine.kernel().taint().mask()).as("%s", machine.dmesg()).isZero();
        assertThat(machine.rmmod("tempsensor")).isZero();
    }
}
