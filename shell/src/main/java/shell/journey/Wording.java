// SPDX-License-Identifier: Apache-2.0
package shell.journey;

import kernel.core.trace.TraceEvent;
import kernel.core.trace.TraceRecord;
import kernel.uapi.Errno;
import kernel.uapi.SystemCallNumber;
import shell.journey.Step.Lane;

/** How events are said in a journey. */
final class Wording {
    private static final int SECTOR_BYTES = 512;

    private Wording() {}

    static Lane lane(TraceRecord event) {
        return switch (event.event()) {
            case SYS_ENTER, SYS_EXIT -> Lane.USER;
            case DEVICE_STEP, DMA, LINE_RAISED -> Lane.HARDWARE;
            default -> Lane.KERNEL;
        };
    }

    /** Who ran, and as what. */
    static String context(TraceRecord event) {
        if (event.processor() < 0) {
            return event.event() == TraceEvent.LINE_RAISED
                    ? "interrupt controller"
                    : event.text().split(" ", 2)[0];
        }
        String current = event.name() + (event.pid() == 0 ? "" : "/" + event.pid());
        String where = ", cpu " + event.processor();
        String context = event.context();
        char level = context.length() < 3 ? '.' : context.charAt(2);
        return switch (level) {
            case 'h', 'H' -> "hardirq on top of " + current + where;
            case 's' -> "softirq on top of " + current + where;
            default -> current + where;
        };
    }

    /** The call as strace shows it. */
    static String call(TraceRecord enter, TraceRecord exit) {
        String name = SystemCallNumber.name((int) enter.a());
        String arguments = exit.text().isEmpty() ? enter.text() : exit.text();
        return (name == null ? "syscall_" + enter.a() : name) + "(" + arguments + ")";
    }

    static String result(TraceRecord exit) {
        long value = exit.b();
        if (!Errno.isError(value)) {
            return Long.toString(value);
        }
        return "-1 " + Errno.name((int) -value) + " (" + Errno.text((int) -value) + ")";
    }

    /** What the process finds in its buffer, as strace shows it; empty when the call gave it none. */
    static String bytes(TraceRecord exit) {
        int from = exit.text().indexOf('"');
        int to = exit.text().lastIndexOf('"');
        return exit.b() > 0 && from >= 0 && to > from ? "  " + exit.text().substring(from, to + 1) : "";
    }

    /** One line about an event; empty for those that a journey passes over. */
    static String of(TraceRecord event, int pid) {
        return switch (event.event()) {
            case SYS_ENTER -> "trap: " + SystemCallNumber.name((int) event.a());
            case LOOKUP, DRIVER_ENTER -> event.text();
            case DMA -> dma(event);
            case DRIVER_EXIT -> event.text() + " = " + event.a();
            case REGISTER_READ -> afterName(event) + " -> 0x" + Long.toHexString(event.b());
            case REGISTER_WRITE -> afterName(event) + " <- 0x" + Long.toHexString(event.b());
            case DEVICE_STEP -> afterName(event) + (event.a() == 0 ? "" : " " + event.a());
            case LINE_RAISED -> "irq " + event.a() + " raised, for cpu " + event.b();
            case IRQ_ENTRY -> "irq " + event.a() + " handler " + event.text();
            case SOFTIRQ_ENTRY -> "softirq " + event.text();
            case TASKLET_ENTRY -> "tasklet " + event.text();
            case TIMER_EXPIRE -> "timer";
            case WORK_START -> "work " + event.text();
            case WAKEUP -> "wake up " + event.text() + "/" + event.a() + (event.a() == pid ? ": ready" : "");
            case SLEEP -> "sleep: " + event.text();
            case SWITCH -> event.a() == pid ? "switch to " + event.text() + "/" + pid : "switch to " + event.text();
            case COPY_TO_USER -> "copy_to_user " + event.b() + " bytes";
            case COPY_FROM_USER -> "copy_from_user " + event.b() + " bytes";
            case BLOCK_BIO_QUEUE -> "bio " + blocks(event);
            case BLOCK_REQUEST_MERGE -> "joined: " + blocks(event);
            case BLOCK_REQUEST_INSERT -> "waits: " + blocks(event);
            case BLOCK_REQUEST_ISSUE -> "sent: " + blocks(event);
            case BLOCK_REQUEST_REQUEUE -> "to be sent again: " + blocks(event);
            case BLOCK_REQUEST_COMPLETE -> "complete: " + blocks(event);
            case LOCK_CONTENDED -> "waits for " + event.text();
            default -> "";
        };
    }

    /** Device and kind, first sector and number of sectors, as blktrace has it. */
    private static String blocks(TraceRecord event) {
        return event.text() + " " + event.a() + " + " + event.b() / SECTOR_BYTES;
    }

    /** Where the data went; the text has more than the device's name when the access was refused. */
    private static String dma(TraceRecord event) {
        String direction = event.b() >= 0 ? "DMA to memory, " : "DMA from memory, ";
        String refused = event.text().indexOf(' ') < 0 ? "" : " refused";
        return direction + Math.abs(event.b()) + " bytes" + refused;
    }

    /** What follows the name of the device. */
    private static String afterName(TraceRecord event) {
        return event.text().substring(event.text().indexOf(' ') + 1);
    }
}
