// SPDX-License-Identifier: Apache-2.0
package kernel.core;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.interrupt.InterruptLine;
import hardware.machine.interrupt.InterruptLine.Trigger;
import hardware.machine.time.VirtualTimeline;
import java.util.List;
import kernel.api.interrupt.InterruptResult;
import kernel.core.fixture.Booted;
import kernel.core.fs.ProcTable;
import kernel.core.process.ProcessFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Are the files of /proc laid out as tools expect them? */
final class ProcFilesTest {
    private static final long MILLISECOND = 1_000_000;

    private final Booted booted = Booted.withSeed(10);

    @AfterEach
    void close() {
        booted.close();
    }

    private List<String> lines(String path) {
        return booted.kernel().procTable().text(path).lines().toList();
    }

    @Test
    void interruptsHaveAColumnForEachProcessor() {
        InterruptLine line = booted.kernel().machine().interrupts().allocate("tempsensor0", Trigger.LEVEL, 16);
        booted.kernel().execution().interrupts().request(line, "tempsensor0", context -> {
            line.lower();
            return InterruptResult.HANDLED;
        });
        booted.kernel().machine().timeline().post("raise", line::raise);
        booted.run(user -> user.sleep(MILLISECOND));
        List<String> lines = lines("interrupts");
        assertThat(lines.get(0)).isEqualTo("           CPU0       CPU1       ");
        assertThat(lines.get(1)).matches(" 16:          [01]          [01]    U-PLIC  16 Level     tempsensor0");
        assertThat(lines.get(2)).matches("LOC: +\\d+ +\\d+  Local timer interrupts");
        assertThat(lines.getLast()).isEqualTo("ERR:          0");
    }

    @Test
    void softirqsAreCountedByVector() {
        booted.run(user -> user.sleep(MILLISECOND));
        List<String> lines = lines("softirqs");
        assertThat(lines.get(0)).isEqualTo("                    CPU0       CPU1       ");
        assertThat(lines.get(1)).isEqualTo("          HI:          0          0");
        assertThat(lines.get(2)).matches("       TIMER: +\\d+ +\\d+");
        assertThat(lines).hasSize(11);
    }

    @Test
    void memoryAddsUp() {
        assertThat(lines("meminfo").get(0)).isEqualTo("MemTotal:         261120 kB");
        assertThat(lines("meminfo").get(1)).isEqualTo("MemFree:          261120 kB");
        booted.run(user -> {
            user.processor().storeLong(user.allocate(8), 1);
            assertThat(lines("meminfo").get(1)).isEqualTo("MemFree:          261112 kB");
        });
    }

    @Test
    void theLoadIsAveragedOverTimeAndDecays() {
        booted.run(user -> {
            for (long second = 0; second < 60; second++) {
                ((VirtualTimeline) booted.kernel().machine().timeline()).charge(1_000 * MILLISECOND);
                user.pid();
            }
            // After a minute of one busy task: 1 - 1/e, 1 - exp(-1/5), 1 - exp(-1/15).
            assertThat(lines("loadavg").getFirst()).startsWith("0.63 0.18 0.06 1/");
        });
        booted.kernel().runFor(60_000 * MILLISECOND);
        assertThat(lines("loadavg")).containsExactly("0.23 0.15 0.06 0/0 0");
        booted.kernel().runFor(7_200_000 * MILLISECOND);
        assertThat(lines("loadavg")).containsExactly("0.00 0.00 0.00 0/0 0");
    }

    @Test
    void theUmaskIsTheProcessesOwn() {
        booted.run(user -> {
            String status = new ProcessFiles(booted.kernel().execution(), () -> 0).text((int) user.pid(), "status");
            assertThat(status.lines()).contains("Umask:\t0027");
        });
    }

    @Test
    void timesAreThoseOfTheMachine() {
        booted.kernel().runFor(12_345 * MILLISECOND);
        assertThat(lines("uptime")).containsExactly("12.34 24.69");
        assertThat(lines("loadavg")).containsExactly("0.00 0.00 0.00 0/0 0");
        assertThat(lines("stat")).contains("cpu  0 0 0 2469 0 0 0 0 0 0", "btime 1767225600", "procs_running 0");
    }

    @Test
    void theKernelSaysWhatItIs() {
        assertThat(lines("version").getFirst()).startsWith("U-Bend version 6.12.0-ubend (java ");
        assertThat(lines("cpuinfo")).contains("processor\t: 1", "vendor_id\t: U-Bend");
        assertThat(lines("sys/kernel/tainted")).containsExactly("0");
        assertThat(lines("sys/kernel/panic_on_oops")).containsExactly("0");
        assertThat(lines("sys/kernel/osrelease")).containsExactly("6.12.0-ubend");
    }

    @Test
    void eachProcessHasItsFiles() {
        booted.run(user -> {
            long child = user.fork(own -> (int) own.sleep(10 * MILLISECOND));
            user.sleep(MILLISECOND);
            ProcTable.Processes processes = booted.kernel().procTable().processes();
            assertThat(processes.pids()).containsExactly(1, (int) child);
            assertThat(processes.exists((int) child)).isTrue();
            assertThat(processes.exists(99)).isFalse();
            assertThat(processes.text(99, "stat")).isNull();
            assertThat(processes.text((int) child, "comm")).isEqualTo("test\n");
            assertThat(processes.text((int) child, "cmdline")).isEqualTo("test\0");
            assertThat(processes.text((int) child, "wchan")).isEqualTo("nanosleep");
            assertThat(processes.text(1, "wchan")).isEqualTo("0");
            String[] stat = processes.text((int) child, "stat").strip().split(" ");
            assertThat(stat).hasSize(52);
            assertThat(stat).startsWith(Long.toString(child), "(test)", "S", "1", "1", "1", "0", "-1");
            assertThat(processes.text((int) child, "status"))
                    .contains(
                            "Name:\ttest\n", "State:\tS (sleeping)\n", "PPid:\t1\n", "Uid:\t0\t0\t0\t0\n", "VmRSS:\t ");
            assertThat(processes.text((int) child, "maps"))
                    .startsWith("000010000000-000010010000 rw-p 00000000 00:00 0")
                    .contains("[heap]\n")
                    .endsWith("[stack]\n");
            user.sleep(20 * MILLISECOND);
            assertThat(processes.text((int) child, "status")).contains("State:\tZ (zombie)\n");
            assertThat(processes.text((int) child, "cmdline")).isEmpty();
            user.waitFor(child);
            assertThat(processes.exists((int) child)).isFalse();
        });
    }
}
