// SPDX-License-Identifier: Apache-2.0
package shell.text;

import java.util.Locale;
import kernel.core.trace.TraceRecord;

/** Events as lines of Linux's ftrace: {@code TASK-PID [CPU] flags TIMESTAMP: event: fields}. */
public final class FtraceText {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** What stands above the lines. */
    public static final String HEADER = """
            # tracer: nop
            #
            #                                _-----=> irqs-off
            #                               / _----=> need-resched
            #                              | / _---=> hardirq/softirq
            #                              || / _--=> preempt-depth
            #                              ||| /
            #           TASK-PID     CPU#  ||||   TIMESTAMP  FUNCTION
            #              | |         |   ||||      |         |
            """;

    private static final int SECTOR_BYTES = 512;

    private FtraceText() {}

    /** One line, without a line feed. Time is to the nanosecond, finer than Linux shows it. */
    public static String line(TraceRecord event) {
        boolean hardware = event.processor() < 0;
        String task = hardware ? "<hardware>" : event.pid() == 0 ? "<idle>" : event.name();
        String pid = hardware ? "-" : Integer.toString(event.pid());
        return String.format(
                Locale.ROOT,
                "%16s-%-7s [%s] %s %5d.%09d: %s: %s",
                task,
                pid,
                hardware ? "---" : String.format(Locale.ROOT, "%03d", event.processor()),
                event.context().isEmpty() ? "...." : event.context(),
                event.nanos() / NANOS_PER_SECOND,
                event.nanos() % NANOS_PER_SECOND,
                event.event().linuxName(),
                fields(event));
    }

    private static String fields(TraceRecord event) {
        return switch (event.event()) {
            case SYS_ENTER -> "NR " + event.a() + " " + SystemCallText.name(event.a()) + "(" + event.text() + ")";
            case SYS_EXIT -> "NR " + event.a() + " = " + event.b();
            case REGISTER_READ, REGISTER_WRITE ->
                String.format(Locale.ROOT, "%s offset=0x%x value=0x%x", event.text(), event.a(), event.b());
            case LINE_RAISED -> "irq=" + event.a() + " cpu=" + event.b() + " name=" + event.text();
            case IRQ_ENTRY -> "irq=" + event.a() + " name=" + event.text();
            case IRQ_EXIT -> "irq=" + event.a() + " ret=" + (event.b() == 1 ? "handled" : "unhandled");
            case SOFTIRQ_RAISE, SOFTIRQ_ENTRY, SOFTIRQ_EXIT -> "vec=" + event.a() + " [action=" + event.text() + "]";
            case SWITCH ->
                "prev_comm=" + event.name() + " prev_pid=" + event.pid() + " prev_state=" + state(event.b())
                        + " ==> next_comm=" + event.text() + " next_pid=" + event.a();
            case WAKEUP -> "comm=" + event.text() + " pid=" + event.a() + " target_cpu=" + event.b();
            case SLEEP -> "on=" + event.text();
            case FORK -> "child_comm=" + event.text() + " child_pid=" + event.a();
            case EXEC -> "filename=" + event.text() + " pid=" + event.a();
            case DMA ->
                event.text()
                        + String.format(Locale.ROOT, " addr=0x%x len=%d", event.a(), Math.abs(event.b()))
                        + (event.b() < 0 ? " from memory" : " to memory");
            case DRIVER_EXIT -> event.text() + " = " + event.a();
            case BLOCK_BIO_QUEUE, BLOCK_REQUEST_MERGE -> event.text() + sectors(event) + " [" + event.name() + "]";
            case BLOCK_REQUEST_INSERT, BLOCK_REQUEST_ISSUE ->
                event.text() + " " + event.b() + " ()" + sectors(event) + " [" + event.name() + "]";
            case BLOCK_REQUEST_REQUEUE, BLOCK_REQUEST_COMPLETE -> event.text() + " ()" + sectors(event);
            case LOG -> event.text();
            default ->
                (event.text() + (event.a() == 0 && event.b() == 0 ? "" : " " + event.a() + " " + event.b())).strip();
        };
    }

    /** The first sector and how many. */
    private static String sectors(TraceRecord event) {
        return " " + event.a() + " + " + event.b() / SECTOR_BYTES;
    }

    private static String state(long state) {
        return switch ((int) state) {
            case 0 -> "R";
            case 1 -> "S";
            case 2 -> "D";
            default -> "X";
        };
    }
}
