// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENODATA;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENOSPC;
import static kernel.uapi.Errno.EOPNOTSUPP;
import static kernel.uapi.Errno.EROFS;

import hardware.ssd.registers.CompletionEntry;
import hardware.ssd.registers.Status;

/** The 15 bits of a completion's status: what they mean to the block layer (Linux: nvme_error_status, nvme_decide_disposition) and to a reader. */
final class StatusCode {
    private static final int DO_NOT_RETRY = CompletionEntry.STATUS_DNR >>> CompletionEntry.STATUS_SHIFT;
    private static final int TYPE_SHIFT = 8;
    private static final int CODE_MASK = 0xff;

    private StatusCode() {}

    static boolean mayBeRetried(int status) {
        return (status & DO_NOT_RETRY) == 0;
    }

    /** The negative errno of a status that is not success. */
    static int errno(int status) {
        return switch (status & CompletionEntry.STATUS_CODE) {
            case Status.SUCCESS -> 0;
            case Status.CAPACITY_EXCEEDED -> -ENOSPC;
            case Status.NAMESPACE_WRITE_PROTECTED, Status.WRITE_TO_READ_ONLY_RANGE -> -EROFS;
            case Status.INVALID_OPCODE, Status.INVALID_FIELD -> -EOPNOTSUPP;
            case Status.INVALID_NAMESPACE -> -ENODEV;
            case Status.LBA_OUT_OF_RANGE, Status.PRP_OFFSET_INVALID -> -EINVAL;
            case Status.WRITE_FAULT, Status.UNRECOVERED_READ_ERROR -> -ENODATA;
            default -> -EIO;
        };
    }

    /** Such as {@code Unrecovered Read Error (sct 0x2 / sc 0x81) DNR}. */
    static String text(int status) {
        int code = status & CompletionEntry.STATUS_CODE;
        return "%s (sct 0x%x / sc 0x%x)%s"
                .formatted(name(code), code >>> TYPE_SHIFT, code & CODE_MASK, mayBeRetried(status) ? "" : " DNR");
    }

    private static String name(int code) {
        return switch (code) {
            case Status.SUCCESS -> "Success";
            case Status.INVALID_OPCODE -> "Invalid Command Opcode";
            case Status.INVALID_FIELD -> "Invalid Field in Command";
            case Status.COMMAND_ID_CONFLICT -> "Command ID Conflict";
            case Status.DATA_TRANSFER_ERROR -> "Data Transfer Error";
            case Status.INTERNAL_ERROR -> "Internal Error";
            case Status.ABORT_REQUESTED -> "Command Abort Requested";
            case Status.ABORTED_QUEUE_DELETION -> "Command Aborted due to SQ Deletion";
            case Status.INVALID_NAMESPACE -> "Invalid Namespace or Format";
            case Status.PRP_OFFSET_INVALID -> "PRP Offset Invalid";
            case Status.NAMESPACE_WRITE_PROTECTED -> "Namespace is Write Protected";
            case Status.LBA_OUT_OF_RANGE -> "LBA Out of Range";
            case Status.CAPACITY_EXCEEDED -> "Capacity Exceeded";
            case Status.NAMESPACE_NOT_READY -> "Namespace Not Ready";
            case Status.INVALID_LOG_PAGE -> "Invalid Log Page";
            case Status.INVALID_FORMAT -> "Invalid Format";
            case Status.WRITE_TO_READ_ONLY_RANGE -> "Attempted Write to Read Only Range";
            case Status.WRITE_FAULT -> "Write Fault";
            case Status.UNRECOVERED_READ_ERROR -> "Unrecovered Read Error";
            case Status.COMPARE_FAILURE -> "Compare Failure";
            default -> "Unknown";
        };
    }
}
