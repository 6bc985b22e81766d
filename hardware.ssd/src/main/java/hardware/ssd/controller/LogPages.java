// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.ssd.control.Statistic;
import hardware.ssd.registers.AdminOpcode;
import hardware.ssd.registers.FlashLog;
import hardware.ssd.registers.HealthLog;
import hardware.ssd.registers.LogPage;
import hardware.ssd.registers.NvmOpcode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What the get log page command transfers. Guarded by the firmware's lock. */
final class LogPages {
    static final String FIRMWARE_REVISION = "1.0     ";

    private static final int BYTES = 4096;
    private static final int IO_COMMANDS = 1024;
    private static final int SUPPORTED = 1;
    private static final int CHANGES_DATA = 1 << 1;
    private static final int CHANGES_NAMESPACE = 1 << 2;
    private static final long BYTES_PER_UNIT = 512_000;
    private static final long NANOS_PER_MINUTE = 60_000_000_000L;
    private static final long NANOS_PER_HOUR = 60 * NANOS_PER_MINUTE;

    private final Controller controller;
    private final byte[] page = new byte[BYTES];
    private final ByteBuffer out = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);

    LogPages(Controller controller) {
        this.controller = controller;
    }

    /** The page, padded with zeros; null when there is none of that number. */
    byte[] page(int number) {
        Arrays.fill(page, (byte) 0);
        switch (number) {
            case LogPage.ERRORS -> controller.errors.copyTo(page);
            case LogPage.HEALTH -> health();
            case LogPage.FIRMWARE -> firmware();
            case LogPage.CHANGED_NAMESPACES -> changedNamespaces();
            case LogPage.EFFECTS -> effects();
            case LogPage.FLASH -> flash();
            default -> {
                return null;
            }
        }
        return page;
    }

    private void health() {
        out.put(HealthLog.CRITICAL_WARNING, (byte) controller.criticalWarning());
        out.putShort(HealthLog.TEMPERATURE, (short) controller.kelvin);
        out.put(HealthLog.AVAILABLE_SPARE, (byte) controller.storage.availableSparePercent());
        out.put(HealthLog.SPARE_THRESHOLD, (byte) Controller.SPARE_THRESHOLD_PERCENT);
        out.put(HealthLog.PERCENTAGE_USED, (byte) controller.storage.percentageUsed());
        out.putLong(HealthLog.DATA_UNITS_READ, units(controller.state.bytesRead));
        out.putLong(HealthLog.DATA_UNITS_WRITTEN, units(controller.state.bytesWritten));
        out.putLong(HealthLog.HOST_READS, controller.state.hostReads);
        out.putLong(HealthLog.HOST_WRITES, controller.state.hostWrites);
        out.putLong(HealthLog.BUSY_MINUTES, controller.state.busyNanos / NANOS_PER_MINUTE);
        out.putLong(HealthLog.POWER_CYCLES, controller.state.powerCycles);
        out.putLong(HealthLog.POWER_ON_HOURS, controller.state.powerOnNanos / NANOS_PER_HOUR);
        out.putLong(HealthLog.UNSAFE_SHUTDOWNS, controller.state.unsafeShutdowns);
        out.putLong(HealthLog.MEDIA_ERRORS, controller.state.mediaErrors);
        out.putLong(HealthLog.ERROR_LOG_ENTRIES, controller.state.errorLogEntries);
    }

    private static long units(long bytes) {
        return (bytes + BYTES_PER_UNIT - 1) / BYTES_PER_UNIT;
    }

    private void firmware() {
        page[0] = 1;
        byte[] revision = FIRMWARE_REVISION.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(revision, 0, page, Long.BYTES, revision.length);
    }

    private void changedNamespaces() {
        int at = 0;
        for (int i = 0; i < controller.changed.length && at < BYTES; i++) {
            if (controller.changed[i]) {
                out.putInt(at, i + 1);
                at += Integer.BYTES;
            }
        }
    }

    private void effects() {
        for (int opcode : new int[] {
            AdminOpcode.DELETE_SUBMISSION_QUEUE,
            AdminOpcode.CREATE_SUBMISSION_QUEUE,
            AdminOpcode.GET_LOG_PAGE,
            AdminOpcode.DELETE_COMPLETION_QUEUE,
            AdminOpcode.CREATE_COMPLETION_QUEUE,
            AdminOpcode.IDENTIFY,
            AdminOpcode.ABORT,
            AdminOpcode.SET_FEATURES,
            AdminOpcode.GET_FEATURES,
            AdminOpcode.ASYNC_EVENT_REQUEST
        }) {
            out.putInt(opcode * Integer.BYTES, SUPPORTED);
        }
        out.putInt(AdminOpcode.FORMAT_NVM * Integer.BYTES, SUPPORTED | CHANGES_DATA | CHANGES_NAMESPACE);
        for (int opcode : new int[] {NvmOpcode.FLUSH, NvmOpcode.READ, NvmOpcode.COMPARE}) {
            out.putInt(IO_COMMANDS + opcode * Integer.BYTES, SUPPORTED);
        }
        for (int opcode : new int[] {NvmOpcode.WRITE, NvmOpcode.WRITE_ZEROES, NvmOpcode.DATASET_MANAGEMENT}) {
            out.putInt(IO_COMMANDS + opcode * Integer.BYTES, SUPPORTED | CHANGES_DATA);
        }
    }

    private void flash() {
        for (Statistic statistic : Statistic.values()) {
            out.putLong(statistic.logOffset(), statistic(statistic));
        }
    }

    long statistic(Statistic statistic) {
        return statistic.logOffset() == FlashLog.CACHED_PAGES
                ? controller.storage.cachedPages()
                : controller.storage.counter(statistic.logOffset());
    }
}
