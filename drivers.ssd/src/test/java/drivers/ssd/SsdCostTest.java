// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import static drivers.ssd.Disks.bind;
import static drivers.ssd.Disks.openDirect;
import static drivers.ssd.Disks.pages;
import static drivers.ssd.Disks.write;
import static org.assertj.core.api.Assertions.assertThat;

import hardware.ssd.SsdModel;
import java.util.List;
import java.util.Map;
import kernel.core.trace.TraceEvent;
import kernel.core.trace.TraceRecord;
import kernel.uapi.SystemCallNumber;
import testkit.KernelTest;
import testkit.TestKernel;

/** Does input and output use the processor? In virtual time, from the trace. */
final class SsdCostTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final long SECOND = 1_000_000_000;

    /** How long any processor was not idle after that moment: a task had it, or an interrupt. */
    private static long busyNanos(List<TraceRecord> trace, long since) {
        long busy = 0;
        long[] task = {-1, -1};
        long[] interrupt = {-1, -1};
        for (TraceRecord record : trace) {
            int processor = record.processor();
            if (record.nanos() < since || processor < 0) {
                continue;
            }
            if (record.event() == TraceEvent.SWITCH) {
                if (task[processor] >= 0) {
                    busy += record.nanos() - task[processor];
                }
                task[processor] = record.a() == 0 ? -1 : record.nanos();
            } else if (record.event() == TraceEvent.IRQ_ENTRY && task[processor] < 0) {
                interrupt[processor] = record.nanos();
            } else if (record.event() == TraceEvent.IRQ_EXIT && interrupt[processor] >= 0) {
                busy += record.nanos() - interrupt[processor];
                interrupt[processor] = -1;
            }
        }
        return busy;
    }

    @KernelTest
    void aLargeReadLeavesTheProcessorToOthers(TestKernel kernel) {
        bind(kernel, new SsdModel(hardware.ssd.SsdParameters.of(Map.of("capacity", "4M", "profile", "nvme"))));
        long[] span = new long[2];
        assertThat(kernel.run("reader", libc -> {
                    int fd = openDirect(libc);
                    long memory = pages(libc, MEBIBYTE);
                    write(libc, fd, memory, 1, MEBIBYTE, 0);
                    libc.clock().sleep(SECOND);
                    span[0] = kernel.kernel().machine().timeline().now();
                    long count = libc.raw().call(SystemCallNumber.PREAD64, fd, memory, MEBIBYTE, 0, 0, 0);
                    span[1] = kernel.kernel().machine().timeline().now();
                    return count == MEBIBYTE ? 0 : 1;
                }))
                .isZero();
        long elapsed = span[1] - span[0];
        long busy = busyNanos(kernel.trace(), span[0]);
        assertThat(elapsed).isGreaterThan(1_000_000);
        assertThat(busy).isPositive().isLessThan(elapsed / 100);
    }
}
