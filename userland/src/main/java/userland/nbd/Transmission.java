// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import java.util.ArrayList;
import java.util.List;
import kernel.uapi.Errno;
import kernel.uapi.UserProcessor;
import userland.libc.SystemCallException;

/**
 * The second part of a connection: requests come, go to the disk side by side, and are answered as they complete.
 *
 * <p>What a client sends in parts of blocks is put together here. While such a write is under way nothing that changes the same blocks begins.
 */
final class Transmission {
    /** How many requests are under way at once; the next waits in the connection. */
    private static final int REQUESTS_MAX = 64;

    private final Input input;
    private final Output output;
    private final Disk disk;
    private final RequestRules rules;
    private final Buffers buffers;
    private final Replies replies;
    private final BlockStatus blockStatus;
    private final LargeRequests large;
    private final Blocks blocks;
    private final List<DiskRequest> underWay = new ArrayList<>();

    Transmission(
            UserProcessor memory,
            Input input,
            Output output,
            Disk disk,
            Agreement agreement,
            boolean readOnly,
            Buffers buffers,
            Zeroes zeroes) {
        this.input = input;
        this.output = output;
        this.disk = disk;
        rules = new RequestRules(disk, agreement, readOnly);
        this.buffers = buffers;
        replies = new Replies(output, agreement.structuredReplies(), zeroes);
        blockStatus = new BlockStatus(disk, buffers, zeroes);
        blocks = new Blocks(memory, disk, buffers);
        large = new LargeRequests(this, input, replies, buffers, blocks);
    }

    /**
     * Serves the client until it says goodbye or just goes; what is under way when it says so is done first.
     *
     * @param connection for waiting on it and on the disk at once
     * @throws ConnectionLost it has gone without waiting for its answers, or does not speak the protocol; nothing is under way any more
     */
    void run(Connection connection) {
        try {
            boolean more = true;
            while (more) {
                if (input.isEmpty()) {
                    // Only now, so that what a client sends together goes to the disk together.
                    answerCompleted();
                    output.flush();
                    if (!underWay.isEmpty() && !connection.awaitInput(disk.descriptor())) {
                        continue;
                    }
                }
                more = input.hasNext() ? request() : goneQuietly();
            }
            while (!underWay.isEmpty()) {
                awaitOne();
            }
            output.flush();
        } catch (ConnectionLost e) {
            abandon();
            throw e;
        }
    }

    /** Clients that have had all their answers often just close. */
    private boolean goneQuietly() {
        if (!underWay.isEmpty()) {
            throw new ConnectionLost("the client has gone while its requests were under way");
        }
        return false;
    }

    /** Nobody wants the answers any more, but the disk still has the buffers. */
    private void abandon() {
        while (!underWay.isEmpty()) {
            disk.await();
            for (DiskRequest done = disk.completed(); done != null; done = disk.completed()) {
                forget(done);
            }
        }
    }

    // ---- requests

    /** Takes a request; false when it was the last. */
    private boolean request() {
        int magic = input.getInt();
        if (magic != Protocol.REQUEST_MAGIC) {
            throw new ConnectionLost("a request begins with 0x%08x".formatted(magic));
        }
        int flags = input.getShort();
        int command = input.getShort();
        long cookie = input.getLong();
        long offset = input.getLong();
        int length = input.getInt();
        if (command == Protocol.CMD_DISC) {
            return false;
        }
        int payload = command == Protocol.CMD_WRITE ? length : 0;
        if (payload < 0 || payload > Protocol.PAYLOAD_BYTES_MAX) {
            throw new ConnectionLost("a write of " + (length & 0xffff_ffffL) + " bytes");
        }
        int error = rules.refusal(command, flags, offset, length & 0xffff_ffffL);
        if (error == 0) {
            error = perform(new DiskRequest(command, flags, cookie, offset, length));
        } else {
            input.skip(payload);
        }
        if (error != 0) {
            replies.error(cookie, error);
        }
        return true;
    }

    /** Does it or sends it on its way; a positive errno is the answer, 0 leaves the answer to its end. */
    private int perform(DiskRequest request) {
        request.forcedUnitAccess = (request.flags & Protocol.CMD_FLAG_FUA) != 0 && request.command != Protocol.CMD_READ;
        return switch (request.command) {
            case Protocol.CMD_READ -> read(request);
            case Protocol.CMD_WRITE -> write(request);
            case Protocol.CMD_FLUSH -> flush(request);
            case Protocol.CMD_TRIM -> trim(request);
            case Protocol.CMD_WRITE_ZEROES -> zero(request);
            default -> status(request);
        };
    }

    private int flush(DiskRequest request) {
        request.operation = Disk.Operation.FLUSH;
        start(request);
        return 0;
    }

    private int write(DiskRequest request) {
        if (request.length > LargeRequests.PIECE_BYTES) {
            return large.write(request, true);
        }
        try {
            place(request, Disk.Operation.WRITE);
        } catch (SystemCallException e) {
            input.skip(request.length);
            return e.errno();
        }
        try {
            input.move(request.data(), request.length);
        } catch (ConnectionLost e) {
            buffers.giveBack(request.buffer, request.bufferBytes);
            throw e;
        }
        return finishBlocks(request);
    }

    /** Sends a write on its way whose bytes of the client are there. */
    private int finishBlocks(DiskRequest request) {
        int error = completeBlocks(request);
        if (error != 0) {
            buffers.giveBack(request.buffer, request.bufferBytes);
        } else {
            start(request);
        }
        return error;
    }

    private int read(DiskRequest request) {
        if (request.length > LargeRequests.PIECE_BYTES) {
            return large.read(request);
        }
        try {
            place(request, Disk.Operation.READ);
        } catch (SystemCallException e) {
            return e.errno();
        }
        start(request);
        return 0;
    }

    /** Only whole blocks can be trimmed; parts at the ends are left as they are, which a trim allows. */
    private int trim(DiskRequest request) {
        request.operation = Disk.Operation.TRIM;
        long block = disk.blockBytes();
        long first = (request.offset + block - 1) / block * block;
        long end = (request.offset + (request.length & 0xffff_ffffL)) / block * block;
        if (end <= first || !disk.canTrim()) {
            replies.done(request.cookie);
            return 0;
        }
        return wide(request, first, end);
    }

    private int zero(DiskRequest request) {
        request.operation = Disk.Operation.ZERO;
        long length = request.length & 0xffff_ffffL;
        if ((request.flags & Protocol.CMD_FLAG_FAST_ZERO) != 0 && !disk.canZeroFast()) {
            return Errno.EOPNOTSUPP;
        }
        int mask = disk.blockBytes() - 1;
        if (((request.offset | length) & mask) == 0) {
            return wide(request, request.offset, request.offset + length);
        }
        if (length > Protocol.PAYLOAD_BYTES_MAX) {
            return Errno.EINVAL;
        }
        return large.write(request, false);
    }

    /** A request without data may be as long as the disk: longer than a length here, so in steps of which the last is answered. */
    private int wide(DiskRequest request, long first, long end) {
        int step = Integer.MAX_VALUE & -disk.blockBytes();
        long at = first;
        while (end - at > step) {
            DiskRequest part = new DiskRequest(request.command, request.flags, request.cookie, at, step);
            part.operation = request.operation;
            part.diskOffset = at;
            part.diskLength = step;
            part.forcedUnitAccess = request.forcedUnitAccess;
            int error = alone(part);
            if (error != 0) {
                return error;
            }
            at += step;
        }
        request.diskOffset = at;
        request.diskLength = (int) (end - at);
        start(request);
        return 0;
    }

    /** Does one request while nothing else is under way. */
    int alone(DiskRequest request) {
        while (!underWay.isEmpty()) {
            awaitOne();
        }
        disk.start(request);
        DiskRequest done = disk.completed();
        while (done == null) {
            disk.await();
            done = disk.completed();
        }
        return done.error;
    }

    private int status(DiskRequest request) {
        try {
            return blockStatus.answer(request, replies);
        } catch (SystemCallException e) {
            return e.errno();
        }
    }

    // ---- blocks and buffers

    /** Finds the whole blocks around the client's bytes and a buffer for them; waits for one if need be. */
    void place(DiskRequest request, Disk.Operation operation) {
        request.operation = operation;
        int block = disk.blockBytes();
        long end = request.offset + request.length;
        request.diskOffset = request.offset / block * block;
        request.diskLength = (int) ((end + block - 1) / block * block - request.diskOffset);
        while (!buffers.hasRoomFor(request.diskLength)) {
            awaitOne();
        }
        request.buffer = buffers.take(request.diskLength);
        request.bufferBytes = request.diskLength;
    }

    /**
     * Reads what of the first and last block is not the client's, with nothing under way there. The blocks stay this request's until it completes. 0 or a
     * positive errno.
     */
    int completeBlocks(DiskRequest request) {
        if (request.isAligned()) {
            return 0;
        }
        awaitOverlapping(request, false);
        return blocks.fillAround(request);
    }

    /** Waits until nothing is under way that changes the same blocks, or only nothing that was put together of parts. */
    private void awaitOverlapping(DiskRequest request, boolean onlyUnaligned) {
        while (underWay.stream()
                .anyMatch(other ->
                        other.changesDisk() && !(onlyUnaligned && other.isAligned()) && other.overlaps(request))) {
            awaitOne();
        }
    }

    private void start(DiskRequest request) {
        while (underWay.size() >= REQUESTS_MAX) {
            awaitOne();
        }
        if (request.changesDisk()) {
            awaitOverlapping(request, true);
        }
        underWay.add(request);
        disk.start(request);
    }

    // ---- answers

    private void awaitOne() {
        output.flush();
        if (!answerCompleted()) {
            disk.await();
            answerCompleted();
        }
    }

    private boolean answerCompleted() {
        boolean any = false;
        if (underWay.isEmpty()) {
            return false;
        }
        for (DiskRequest done = disk.completed(); done != null; done = disk.completed()) {
            any = true;
            try {
                answer(done);
            } finally {
                forget(done);
            }
        }
        return any;
    }

    private void answer(DiskRequest done) {
        if (done.error != 0) {
            replies.error(done.cookie, done.error);
        } else if (done.command == Protocol.CMD_READ) {
            replies.data(done, true, true);
        } else {
            replies.done(done.cookie);
        }
    }

    private void forget(DiskRequest done) {
        underWay.remove(done);
        if (done.buffer != 0) {
            buffers.giveBack(done.buffer, done.bufferBytes);
            done.buffer = 0;
        }
    }
}
