// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import java.nio.charset.StandardCharsets;
import java.util.List;
import kernel.uapi.Errno;

/** What the server answers to requests, simple or structured as was agreed. */
final class Replies {
    /** Part of the answer to a block status. */
    record Extent(int length, int state) {}

    private final Output output;
    private final boolean structured;
    private final Zeroes zeroes;

    Replies(Output output, boolean structured, Zeroes zeroes) {
        this.output = output;
        this.structured = structured;
        this.zeroes = zeroes;
    }

    /** A request without data in its answer has been done. */
    void done(long cookie) {
        output.putInt(Protocol.SIMPLE_REPLY_MAGIC).putInt(0).putLong(cookie);
    }

    void error(long cookie, int errno) {
        if (!structured) {
            output.putInt(Protocol.SIMPLE_REPLY_MAGIC).putInt(onWire(errno)).putLong(cookie);
            return;
        }
        byte[] text = Errno.text(errno).getBytes(StandardCharsets.UTF_8);
        chunk(true, Protocol.REPLY_ERROR, cookie, Integer.BYTES + Short.BYTES + text.length)
                .putInt(onWire(errno))
                .putShort(text.length)
                .putBytes(text);
    }

    boolean areStructured() {
        return structured;
    }

    /**
     * Data, all of it or a piece.
     *
     * @param first whether it begins the answer
     * @param last whether it ends it
     */
    void data(DiskRequest request, boolean first, boolean last) {
        if (!structured) {
            int header = first ? Protocol.SIMPLE_REPLY_BYTES : 0;
            if (first) {
                output.reserve(header)
                        .putInt(Protocol.SIMPLE_REPLY_MAGIC)
                        .putInt(0)
                        .putLong(request.cookie);
            }
            output.sendBefore(request.data(), request.length, header);
        } else if (zeroes.fill(request.data(), request.length)) {
            chunk(last, Protocol.REPLY_OFFSET_HOLE, request.cookie, Long.BYTES + Integer.BYTES)
                    .putLong(request.offset)
                    .putInt(request.length);
        } else {
            int header = Protocol.STRUCTURED_REPLY_BYTES + Long.BYTES;
            output.reserve(header);
            chunk(last, Protocol.REPLY_OFFSET_DATA, request.cookie, Long.BYTES + request.length)
                    .putLong(request.offset);
            output.sendBefore(request.data(), request.length, header);
        }
    }

    void blockStatus(long cookie, List<Extent> extents) {
        chunk(true, Protocol.REPLY_BLOCK_STATUS, cookie, Integer.BYTES + 2 * Integer.BYTES * extents.size())
                .putInt(Protocol.BASE_ALLOCATION_ID);
        extents.forEach(extent -> output.putInt(extent.length()).putInt(extent.state()));
    }

    private Output chunk(boolean last, int type, long cookie, int length) {
        return output.putInt(Protocol.STRUCTURED_REPLY_MAGIC)
                .putShort(last ? Protocol.REPLY_FLAG_DONE : 0)
                .putShort(type)
                .putLong(cookie)
                .putInt(length);
    }

    /** The errors that the protocol knows have Linux's numbers. */
    private static int onWire(int errno) {
        return switch (errno) {
            case Errno.EPERM, Errno.EIO, Errno.ENOMEM, Errno.EINVAL, Errno.ENOSPC, Errno.EOVERFLOW, Errno.EOPNOTSUPP ->
                errno;
            case Errno.EROFS -> Errno.EPERM;
            case Errno.ENODEV, Errno.ENXIO, Errno.ESHUTDOWN -> Errno.ESHUTDOWN;
            default -> Errno.EIO;
        };
    }
}
