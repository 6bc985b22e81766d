// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.ENXIO;

import kernel.core.fs.FileSystemHost;
import kernel.core.fs.UserProcess;
import kernel.uapi.OpenFlags;

/** A pipe as a file: with a name (a FIFO, Linux: fifo_open) or, made by pipe(2), without one. */
final class PipeInode extends Inode {
    private final Pipe pipe;

    PipeInode(FileSystemHost host, FileSystem fileSystem, Birth birth) {
        this(host, fileSystem, fileSystem.nextInodeNumber(), birth);
    }

    PipeInode(FileSystemHost host, FileSystem fileSystem, long number, Birth birth) {
        super(fileSystem, number, birth);
        this.pipe = new Pipe(host);
    }

    Pipe pipe() {
        return pipe;
    }

    /**
     * Opens one side and waits for the other; for both sides in one there is nobody to wait for.
     *
     * @return 0, -ENXIO without blocking for writing where nobody reads, -ERESTARTSYS
     */
    @Override
    int open(Opening opening) {
        UserProcess process = opening.process();
        boolean reads = OpenFlags.mayRead(opening.flags());
        boolean writes = OpenFlags.mayWrite(opening.flags());
        boolean nonBlocking = opening.has(OpenFlags.O_NONBLOCK);
        if (!reads && nonBlocking && pipe.readers() == 0) {
            return -ENXIO;
        }
        int seenReaders = pipe.readerOpens();
        int seenWriters = pipe.writerOpens();
        boolean awaitsWriter = !writes && pipe.writers() == 0;
        // Whoever reads without waiting has not been hung up on before somebody wrote.
        PipeEnd end = new PipeEnd(pipe, opening.flags(), awaitsWriter ? seenWriters : -1);
        pipe.open(process, reads, writes);
        opening.attach(opening.describe(end));
        if (nonBlocking) {
            return 0;
        }
        if (!reads && pipe.readers() == 0) {
            return pipe.awaitReader(process, seenReaders);
        }
        return awaitsWriter ? pipe.awaitWriter(process, seenWriters) : 0;
    }

    @Override
    long sizeBytes() {
        return 0;
    }
}
