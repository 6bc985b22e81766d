// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENOTTY;
import static kernel.uapi.Errno.EPERM;

import drivers.ssd.AdminQueue.Reply;
import hardware.ssd.registers.AdminOpcode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import kernel.api.block.Disk;
import kernel.api.context.ProcessContext;
import kernel.api.file.UserBuffer;
import kernel.uapi.NvmeIoctl;

/** Admin commands of programs, by ioctl on a disk (Linux: drivers/nvme/host/ioctl.c). */
final class AdminPassthrough {
    /** Lower two bits of an opcode: which way its data goes. */
    private static final int TRANSFER_MASK = 3;

    private static final int TRANSFER_TO_DEVICE = 1;
    private static final int TRANSFER_FROM_DEVICE = 2;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long TIMEOUT_DEFAULT_NANOS = 60_000_000_000L;

    private final Controller controller;
    private final Namespaces namespaces;

    AdminPassthrough(Controller controller, Namespaces namespaces) {
        this.controller = controller;
        this.namespaces = namespaces;
    }

    /**
     * As {@link kernel.api.block.BlockDriver#ioctl}: {@link NvmeIoctl#ID} and {@link NvmeIoctl#ADMIN_COMMAND}.
     *
     * @return 0, the device's status above 0, or -EFAULT, -EINVAL for more data than a page, -EPERM for what would take the queues from under the driver,
     *     -EINTR when the controller was reset, -ETIMEDOUT, -ENODEV, -ENOTTY
     */
    long ioctl(ProcessContext context, Disk disk, int command, long argument) {
        return switch (command) {
            case NvmeIoctl.ID -> ((NamespaceFormat) disk.driverData()).id();
            case NvmeIoctl.ADMIN_COMMAND -> command(context, argument);
            default -> -ENOTTY;
        };
    }

    private long command(ProcessContext context, long argument) {
        UserBuffer user = new UserBuffer(argument, NvmeIoctl.BYTES);
        byte[] words = new byte[NvmeIoctl.BYTES];
        ByteBuffer given = ByteBuffer.wrap(words).order(ByteOrder.LITTLE_ENDIAN);
        if (context.copyFromUser(words, 0, user, 0, NvmeIoctl.BYTES) != 0) {
            return -EFAULT;
        }
        int opcode = given.get(NvmeIoctl.OPCODE) & 0xff;
        int length = given.getInt(NvmeIoctl.DATA_LENGTH);
        if (given.get(NvmeIoctl.FLAGS) != 0 || length < 0 || length > AdminQueue.DATA_BYTES_MAX || (length & 3) != 0) {
            return -EINVAL;
        }
        if (isDriversOwn(opcode)) {
            return -EPERM;
        }
        byte[] data = new byte[length];
        UserBuffer memory = new UserBuffer(given.getLong(NvmeIoctl.ADDRESS), length);
        boolean toDevice = (opcode & TRANSFER_MASK) == TRANSFER_TO_DEVICE;
        if (toDevice && context.copyFromUser(data, 0, memory, 0, length) != 0) {
            return -EFAULT;
        }
        Reply reply = execute(context, given, opcode, data, toDevice);
        if (reply.isSuccess()
                && (opcode & TRANSFER_MASK) == TRANSFER_FROM_DEVICE
                && context.copyToUser(memory, 0, data, 0, length) != 0) {
            return -EFAULT;
        }
        given.putInt(NvmeIoctl.RESULT, reply.result());
        boolean told = context.copyToUser(user, NvmeIoctl.RESULT, words, NvmeIoctl.RESULT, Integer.BYTES) == 0;
        return told ? reply.status() : -EFAULT;
    }

    private static boolean isDriversOwn(int opcode) {
        return switch (opcode) {
            case AdminOpcode.CREATE_COMPLETION_QUEUE,
                    AdminOpcode.CREATE_SUBMISSION_QUEUE,
                    AdminOpcode.DELETE_COMPLETION_QUEUE,
                    AdminOpcode.DELETE_SUBMISSION_QUEUE,
                    AdminOpcode.ASYNC_EVENT_REQUEST,
                    AdminOpcode.ABORT -> true;
            default -> false;
        };
    }

    /** Nothing else may be under way while a namespace is formatted, and it is a new disk afterwards. */
    private Reply execute(ProcessContext context, ByteBuffer given, int opcode, byte[] data, boolean toDevice) {
        AdminCommand command = new AdminCommand(
                opcode,
                given.getInt(NvmeIoctl.NAMESPACE),
                0,
                given.getLong(NvmeIoctl.WORD10),
                given.getLong(NvmeIoctl.WORD12),
                given.getLong(NvmeIoctl.WORD14));
        int millis = given.getInt(NvmeIoctl.TIMEOUT_MILLIS);
        long timeout = millis == 0 ? TIMEOUT_DEFAULT_NANOS : Integer.toUnsignedLong(millis) * NANOS_PER_MILLI;
        if (opcode != AdminOpcode.FORMAT_NVM) {
            return controller.admin().execute(context, command, data, data.length, toDevice, timeout);
        }
        controller.tags().quiesce(context);
        try {
            controller.tags().drain(context);
            return controller.admin().execute(context, command, data, data.length, toDevice, timeout);
        } finally {
            controller.tags().unquiesce(context);
            namespaces.forgetContents(context, command.namespace());
        }
    }
}
