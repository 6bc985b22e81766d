// SPDX-License-Identifier: Apache-2.0
package shell.text;

import static org.assertj.core.api.Assertions.assertThat;

import kernel.core.trace.TraceEvent;
import kernel.core.trace.TraceRecord;
import org.junit.jupiter.api.Test;

/** Lines in the shape of Linux's ftrace. */
class FtraceTextTest {
    @Test
    void aSwitchNamesBothTasks() {
        assertThat(FtraceText.line(
                        new TraceRecord(1_000_002_003L, 1, 5, "head", "d..1", TraceEvent.SWITCH, 0, 1, "swapper/1")))
                .isEqualTo("            head-5       [001] d..1     1.000002003: sched_switch:"
                        + " prev_comm=head prev_pid=5 prev_state=S ==> next_comm=swapper/1 next_pid=0");
    }

    @Test
    void idleAndHardwareHaveNamesOfTheirOwn() {
        assertThat(FtraceText.line(
                        new TraceRecord(5, 0, 0, "swapper/0", "d.h1", TraceEvent.IRQ_ENTRY, 16, 0, "tempsensor0")))
                .isEqualTo(
                        "          <idle>-0       [000] d.h1     0.000000005: irq_handler_entry: irq=16 name=tempsensor0");
        assertThat(FtraceText.line(
                        new TraceRecord(5, -1, -1, "hardware", "", TraceEvent.LINE_RAISED, 16, 1, "tempsensor0")))
                .isEqualTo(
                        "      <hardware>--       [---] ....     0.000000005: irq_raise: irq=16 cpu=1 name=tempsensor0");
    }

    @Test
    void aCallHasItsNumberAndItsName() {
        assertThat(FtraceText.line(Events.readEntered()))
                .endsWith("0.000001000: sys_enter: NR 0 read(3, 0x1000, 4096)");
        assertThat(FtraceText.line(Events.readReturned(7))).endsWith("0.011001000: sys_exit: NR 0 = 7");
    }

    @Test
    void registersHaveOffsetAndValue() {
        assertThat(FtraceText.line(Events.event(0, 5, TraceEvent.REGISTER_READ, 0x10, 0x53fc, "tempsensor0 DATA")))
                .endsWith("ioread32: tempsensor0 DATA offset=0x10 value=0x53fc");
    }

    @Test
    void requestsHaveSectorsAsOnLinux() {
        assertThat(FtraceText.line(Events.event(0, 5, TraceEvent.BLOCK_REQUEST_ISSUE, 2048, 4096, "ssd0 R")))
                .contains("block_rq_issue: ssd0 R 4096 () 2048 + 8 [");
        assertThat(FtraceText.line(Events.event(0, 5, TraceEvent.BLOCK_REQUEST_COMPLETE, 2048, 4096, "ssd0 WF")))
                .endsWith("block_rq_complete: ssd0 WF () 2048 + 8");
    }
}
