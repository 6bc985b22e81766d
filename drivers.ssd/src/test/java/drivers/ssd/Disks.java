// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import static kernel.uapi.OpenFlags.O_DIRECT;
import static kernel.uapi.OpenFlags.O_RDWR;

import hardware.machine.bus.BusDevice;
import hardware.machine.bus.DeviceModel;
import java.util.Arrays;
import kernel.uapi.SystemCallNumber;
import testkit.TestKernel;
import userland.libc.Libc;

/** Disks plugged into a kernel under test, and what programs do with them. */
final class Disks {
    static final String NODE = "/dev/ssd0";

    private Disks() {}

    static BusDevice bind(TestKernel kernel, DeviceModel model) {
        BusDevice device = kernel.plug(model);
        bind(kernel, device);
        return device;
    }

    static SsdDriver bind(TestKernel kernel, BusDevice device) {
        return kernel.bind(device, "ssd", bound -> new SsdDriver(bound, defaults()));
    }

    static BusDevice bindWith(TestKernel kernel, DeviceModel model, SsdParameters parameters) {
        BusDevice device = kernel.plug(model);
        kernel.bind(device, "ssd", bound -> new SsdDriver(bound, parameters));
        return device;
    }

    /** The module's parameters when none are given: the annotation type's own defaults. */
    static SsdParameters defaults() {
        return Defaults.class.getAnnotation(SsdParameters.class);
    }

    @SsdParameters
    private static final class Defaults {}

    /** Timeouts of a second. */
    static SsdParameters impatient() {
        return Impatient.class.getAnnotation(SsdParameters.class);
    }

    @SsdParameters(io_timeout = 1, admin_timeout = 1)
    private static final class Impatient {}

    /** Commands that carry a request's data. */
    static boolean isTransfer(FakeController.Command command) {
        return command.queue() > 0
                && (command.opcode() == hardware.ssd.registers.NvmOpcode.READ
                        || command.opcode() == hardware.ssd.registers.NvmOpcode.WRITE);
    }

    static int openDirect(Libc libc) {
        return libc.open(NODE, O_RDWR | O_DIRECT);
    }

    /** Memory of a page boundary, as direct transfers want it. */
    static long pages(Libc libc, int bytes) {
        return libc.mmap(bytes);
    }

    /** Writes a pattern; what pwrite answers. */
    static long write(Libc libc, int fd, long memory, int seed, int bytes, long position) {
        libc.processor().store(memory, pattern(seed, bytes), 0, bytes);
        return libc.raw().call(SystemCallNumber.PWRITE64, fd, memory, bytes, position);
    }

    /** Whether what is read is that pattern. */
    static boolean holds(Libc libc, int fd, long memory, int seed, int bytes, long position) {
        byte[] read = new byte[bytes];
        long count = libc.raw().call(SystemCallNumber.PREAD64, fd, memory, bytes, position);
        libc.processor().load(memory, read, 0, bytes);
        return count == bytes && Arrays.equals(read, pattern(seed, bytes));
    }

    static byte[] pattern(int seed, int bytes) {
        byte[] pattern = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            pattern[i] = (byte) (seed * 31 + i + (i >>> 9) * 7);
        }
        return pattern;
    }
}
