// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import kernel.uapi.Errno;

/** What a client may ask for on a connection. */
final class RequestRules {
    private final Disk disk;
    private final Agreement agreement;
    private final boolean readOnly;

    RequestRules(Disk disk, Agreement agreement, boolean readOnly) {
        this.disk = disk;
        this.agreement = agreement;
        this.readOnly = readOnly;
    }

    /** Why a request cannot be done, as a positive errno; 0 when it can. */
    int refusal(int command, int flags, long offset, long length) {
        if (command == Protocol.CMD_FLUSH) {
            return (flags & ~Protocol.CMD_FLAG_FUA) != 0 ? Errno.EINVAL : 0;
        }
        int allowed = switch (command) {
            case Protocol.CMD_READ -> Protocol.CMD_FLAG_FUA | Protocol.CMD_FLAG_DF;
            case Protocol.CMD_WRITE, Protocol.CMD_TRIM -> Protocol.CMD_FLAG_FUA;
            case Protocol.CMD_WRITE_ZEROES ->
                Protocol.CMD_FLAG_FUA | Protocol.CMD_FLAG_NO_HOLE | Protocol.CMD_FLAG_FAST_ZERO;
            case Protocol.CMD_BLOCK_STATUS ->
                agreement.blockStatus() ? Protocol.CMD_FLAG_FUA | Protocol.CMD_FLAG_REQ_ONE : -1;
            default -> -1;
        };
        boolean changes =
                command == Protocol.CMD_WRITE || command == Protocol.CMD_TRIM || command == Protocol.CMD_WRITE_ZEROES;
        if (allowed < 0 || (flags & ~allowed) != 0 || length == 0) {
            return Errno.EINVAL;
        }
        if (changes && readOnly) {
            return Errno.EPERM;
        }
        if (offset < 0 || offset > disk.sizeBytes() || length > disk.sizeBytes() - offset) {
            return command == Protocol.CMD_WRITE || command == Protocol.CMD_WRITE_ZEROES ? Errno.ENOSPC : Errno.EINVAL;
        }
        if (command == Protocol.CMD_READ && length > Protocol.PAYLOAD_BYTES_MAX) {
            return Errno.EINVAL;
        }
        int mask = disk.blockBytes() - 1;
        return agreement.blockSizesKnown() && command != Protocol.CMD_TRIM && ((offset | length) & mask) != 0
                ? Errno.EINVAL
                : 0;
    }
}
