// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import kernel.uapi.Errno;
import userland.libc.SystemCallException;

/** Requests with more data than one of them may have in memory at once: done piece by piece, with nothing else under way. */
final class LargeRequests {
    /** The most that a request has in memory at once, beside parts of blocks at its ends. */
    static final int PIECE_BYTES = 1 << 20;

    private final Transmission transmission;
    private final Input input;
    private final Replies replies;
    private final Buffers buffers;
    private final Blocks blocks;

    LargeRequests(Transmission transmission, Input input, Replies replies, Buffers buffers, Blocks blocks) {
        this.transmission = transmission;
        this.input = input;
        this.replies = replies;
        this.buffers = buffers;
        this.blocks = blocks;
    }

    /** Pieces end at multiples of their size, so that only the ends of the whole are parts of blocks. */
    private static DiskRequest piece(DiskRequest request, int done) {
        long at = request.offset + done;
        int length = Math.min(request.length - done, PIECE_BYTES - (int) (at % PIECE_BYTES));
        DiskRequest piece = new DiskRequest(request.command, request.flags, request.cookie, at, length);
        piece.forcedUnitAccess = request.forcedUnitAccess;
        return piece;
    }

    /** Writes what the client sends, or zeroes, and answers. 0, or a positive errno that is still to be answered. */
    int write(DiskRequest request, boolean fromClient) {
        int error = 0;
        for (int done = 0; done < request.length; ) {
            DiskRequest piece = piece(request, done);
            done += piece.length;
            if (error == 0) {
                error = writePiece(piece, fromClient);
            } else if (fromClient) {
                input.skip(piece.length);
            }
        }
        if (error == 0) {
            replies.done(request.cookie);
        }
        return error;
    }

    private int writePiece(DiskRequest piece, boolean fromClient) {
        try {
            transmission.place(piece, Disk.Operation.WRITE);
        } catch (SystemCallException e) {
            if (fromClient) {
                input.skip(piece.length);
            }
            return e.errno();
        }
        try {
            if (fromClient) {
                input.move(piece.data(), piece.length);
            } else {
                blocks.clear(piece);
            }
            int error = transmission.completeBlocks(piece);
            return error == 0 ? transmission.alone(piece) : error;
        } finally {
            buffers.giveBack(piece.buffer, piece.bufferBytes);
        }
    }

    /**
     * Reads and answers. 0, or a positive errno that is still to be answered.
     *
     * @throws ConnectionLost the disk failed when a simple reply had begun, which has no other way to say so
     */
    int read(DiskRequest request) {
        if ((request.flags & Protocol.CMD_FLAG_DF) != 0) {
            return Errno.EOVERFLOW;
        }
        int error = 0;
        for (int done = 0; done < request.length && error == 0; ) {
            DiskRequest piece = piece(request, done);
            error = readPiece(request, piece, done);
            if (error != 0 && done > 0 && !replies.areStructured()) {
                throw new ConnectionLost("the disk failed in the middle of a reply");
            }
            done += piece.length;
        }
        return error;
    }

    private int readPiece(DiskRequest request, DiskRequest piece, int done) {
        try {
            transmission.place(piece, Disk.Operation.READ);
        } catch (SystemCallException e) {
            return e.errno();
        }
        try {
            int error = transmission.alone(piece);
            if (error == 0) {
                replies.data(piece, done == 0, done + piece.length == request.length);
            }
            return error;
        } finally {
            buffers.giveBack(piece.buffer, piece.bufferBytes);
        }
    }
}
