// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.ssd.registers.SsdRegisters;
import java.util.Arrays;

/**
 * The registers, and what the firmware makes of them: enabling, resetting, shutting down. Processors read and write at any time; the firmware looks when it
 * moves.
 */
final class RegisterFile {
    private static final int TIMEOUT_UNITS = 20;
    private static final int CAP_VALUE = Controller.MOST_ENTRIES - 1 | SsdRegisters.CAP_CQR | TIMEOUT_UNITS << 24;
    private static final int PAGE_MASK = 0xfff;
    private static final int HALF_SHIFT = 16;
    private static final int CC_BITS = SsdRegisters.CC_EN
            | SsdRegisters.CC_CSS
            | SsdRegisters.CC_MPS
            | SsdRegisters.CC_AMS
            | SsdRegisters.CC_SHN
            | SsdRegisters.CC_IOSQES
            | SsdRegisters.CC_IOCQES;

    private final Controller controller;
    private final Firmware firmware;

    // Written by processors under this object's monitor, but for CSTS.
    private int configuration;
    private int adminSizes;
    private final int[] adminBases = new int[4];
    private boolean resetWanted;
    private volatile int status;

    // Guarded by the firmware's lock.
    private boolean enabled;
    private int nextStatus;
    private long nextStatusAt = Long.MAX_VALUE;
    private boolean forceFirst;

    RegisterFile(Controller controller, Firmware firmware) {
        this.controller = controller;
        this.firmware = firmware;
    }

    int read(int offset) {
        if (offset == SsdRegisters.CSTS.offset()) {
            return status();
        } else if (offset == SsdRegisters.CAP.offset()) {
            return CAP_VALUE;
        } else if (offset == SsdRegisters.CAP_HIGH.offset()) {
            return SsdRegisters.CAP_HIGH_CSS_NVM;
        } else if (offset == SsdRegisters.VS.offset()) {
            return SsdRegisters.VS_VALUE;
        } else if (offset == SsdRegisters.INTMS.offset() || offset == SsdRegisters.INTMC.offset()) {
            return controller.vectors.mask();
        }
        synchronized (this) {
            if (offset == SsdRegisters.CC.offset()) {
                return configuration;
            } else if (offset == SsdRegisters.AQA.offset()) {
                return adminSizes;
            }
            int base = baseIndex(offset);
            return base < 0 ? 0 : adminBases[base];
        }
    }

    /** A reset that was asked for ends what was fatal, though the firmware has yet to look. */
    private synchronized int status() {
        return resetWanted ? status & ~SsdRegisters.CSTS_CFS : status;
    }

    private static int baseIndex(int offset) {
        int index = (offset - SsdRegisters.ASQ.offset()) / Integer.BYTES;
        return offset >= SsdRegisters.ASQ.offset() && index < 4 ? index : -1;
    }

    Doorbells.Answer write(int offset, int value) {
        if (offset >= SsdRegisters.DOORBELLS) {
            boolean ready = (status & (SsdRegisters.CSTS_RDY | SsdRegisters.CSTS_CFS)) == SsdRegisters.CSTS_RDY;
            return ready
                    ? controller.doorbells.ring((offset - SsdRegisters.DOORBELLS) / Integer.BYTES, value)
                    : Doorbells.Answer.NOTED;
        } else if (offset == SsdRegisters.INTMS.offset()) {
            controller.vectors.setMask(value);
        } else if (offset == SsdRegisters.INTMC.offset()) {
            controller.vectors.clearMask(value);
        } else {
            return configure(offset, value);
        }
        return Doorbells.Answer.NOTED;
    }

    private synchronized Doorbells.Answer configure(int offset, int value) {
        if (offset == SsdRegisters.CC.offset()) {
            resetWanted |= (configuration & ~value & SsdRegisters.CC_EN) != 0;
            configuration = value & CC_BITS;
            return Doorbells.Answer.WORK;
        }
        if ((configuration & SsdRegisters.CC_EN) == 0) {
            int base = baseIndex(offset);
            if (offset == SsdRegisters.AQA.offset()) {
                adminSizes = value & (SsdRegisters.AQA_ASQS | SsdRegisters.AQA_ACQS);
            } else if (base >= 0) {
                adminBases[base] = (base & 1) == 0 ? value & ~PAGE_MASK : value;
            }
        }
        return Doorbells.Answer.NOTED;
    }

    boolean isReady() {
        return (status & (SsdRegisters.CSTS_RDY | SsdRegisters.CSTS_CFS | SsdRegisters.CSTS_SHST))
                == SsdRegisters.CSTS_RDY;
    }

    /** When the status changes next, or {@link Long#MAX_VALUE}. */
    long nextAt() {
        return nextStatusAt;
    }

    /** The firmware looks at what was configured, and lets the status change whose time has come. */
    void applyConfiguration() {
        if (controller.clock.now() >= nextStatusAt) {
            arrive();
        }
        int wanted;
        boolean reset;
        synchronized (this) {
            wanted = configuration;
            reset = resetWanted;
            resetWanted = false;
        }
        boolean enable = (wanted & SsdRegisters.CC_EN) != 0;
        if (enabled && (reset || !enable)) {
            enabled = false;
            firmware.reset();
            status &= ~(SsdRegisters.CSTS_SHST | SsdRegisters.CSTS_CFS);
            later(0, controller.clock.now() + controller.timing.enableNanos());
        }
        if (enable && !enabled && nextStatusAt == Long.MAX_VALUE) {
            start(wanted);
        } else if (enabled && (wanted & SsdRegisters.CC_SHN) != 0 && (status & SsdRegisters.CSTS_SHST) == 0) {
            shutDown((wanted & SsdRegisters.CC_SHN) == SsdRegisters.CC_SHN_NORMAL);
        }
    }

    private void arrive() {
        if (forceFirst) {
            forceFirst = false;
            controller.storage.force();
        }
        status = nextStatus;
        nextStatusAt = Long.MAX_VALUE;
    }

    private void later(int newStatus, long at) {
        nextStatus = newStatus;
        nextStatusAt = at;
        if (controller.clock.now() >= at) {
            arrive();
        }
    }

    private void start(int wanted) {
        enabled = true;
        int submissions;
        int completions;
        long submissionAddress;
        long completionAddress;
        synchronized (this) {
            submissions = (adminSizes & SsdRegisters.AQA_ASQS) + 1;
            completions = (adminSizes >>> HALF_SHIFT) + 1;
            submissionAddress = Integer.toUnsignedLong(adminBases[0]) | (long) adminBases[1] << Integer.SIZE;
            completionAddress = Integer.toUnsignedLong(adminBases[2]) | (long) adminBases[3] << Integer.SIZE;
        }
        int entrySizes = SsdRegisters.CC_IOSQES | SsdRegisters.CC_IOCQES;
        boolean standard = (wanted & (SsdRegisters.CC_CSS | SsdRegisters.CC_MPS | SsdRegisters.CC_AMS)) == 0
                && (wanted & entrySizes) == (SsdRegisters.CC_START & entrySizes);
        if (!standard || submissions < 2 || completions < 2) {
            firmware.setFatal();
            return;
        }
        firmware.open(submissionAddress, submissions, completionAddress, completions);
        if (controller.state.clean) {
            controller.state.clean = false;
            controller.storage.saveState();
        }
        later(SsdRegisters.CSTS_RDY, controller.clock.now() + controller.timing.enableNanos());
    }

    private void shutDown(boolean normal) {
        status |= SsdRegisters.CSTS_SHST_OCCURRING;
        long done = controller.clock.now();
        if (normal) {
            long flushed = controller.storage.isReadOnly() ? done : controller.storage.shutDown();
            if (flushed < 0) {
                firmware.setFatal();
                return;
            }
            done = Math.max(done, flushed);
            forceFirst = true;
        }
        later((status & ~SsdRegisters.CSTS_SHST) | SsdRegisters.CSTS_SHST_COMPLETE, done);
    }

    /** What the firmware has come to shows. */
    void settle() {
        if (firmware.isFatal()) {
            status |= SsdRegisters.CSTS_CFS;
        }
    }

    /** Everything as after plug-in. */
    void powerFails() {
        synchronized (this) {
            configuration = 0;
            adminSizes = 0;
            Arrays.fill(adminBases, 0);
            resetWanted = false;
        }
        status = 0;
        enabled = false;
        nextStatusAt = Long.MAX_VALUE;
        forceFirst = false;
    }
}
