// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.nand;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** A file of the host that is ours alone: locked against other processes and against this one. Failures are {@link ImageFailure}s. */
public final class HostFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;
    private final boolean readOnly;

    private HostFile(Path path, FileChannel channel, FileLock lock, boolean readOnly) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
        this.readOnly = readOnly;
    }

    /**
     * Opens a file and locks it. A file that may not be written is opened for reading.
     *
     * @param create whether a file that does not exist is made
     * @throws IllegalArgumentException it cannot be opened or somebody else has it; nothing has changed
     */
    public static HostFile open(Path path, boolean create, boolean wantReadOnly) {
        if (Files.isDirectory(path)) {
            throw new IllegalArgumentException(path + " is a directory");
        }
        boolean readOnly = wantReadOnly || (Files.exists(path) && !Files.isWritable(path));
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.READ);
        if (!readOnly) {
            options.add(StandardOpenOption.WRITE);
            if (create) {
                options.add(StandardOpenOption.CREATE);
            }
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path, options);
            FileLock lock = channel.tryLock(0, Long.MAX_VALUE, readOnly);
            if (lock == null) {
                throw new IllegalArgumentException(path + " is in use by another process");
            }
            HostFile file = new HostFile(path, channel, lock, readOnly);
            channel = null;
            return file;
        } catch (OverlappingFileLockException e) {
            throw new IllegalArgumentException(path + " is in use by another disk of this process", e);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(
                    path + " does not exist" + (create ? ", nor does its directory" : ""), e);
        } catch (AccessDeniedException e) {
            throw new IllegalArgumentException(path + " may not be opened", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("%s cannot be opened: %s".formatted(path, e.getMessage()), e);
        } finally {
            closeQuietly(channel);
        }
    }

    /** On the way out with an error that says more than this one could. */
    private static void closeQuietly(FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new ImageFailure("close", e);
            }
        }
    }

    public String name() {
        return path.toString();
    }

    public boolean isReadOnly() {
        return readOnly;
    }

    public long length() {
        try {
            return channel.size();
        } catch (IOException e) {
            throw failure("length", e);
        }
    }

    /** Makes the file that long; what is new reads as zero and takes no room. */
    public void extend(long length) {
        if (length() < length) {
            write(length - 1, new byte[1], 0, 1);
        }
    }

    /** Reads; behind the end are zeros. Answers how many bytes there were. */
    public int read(long position, byte[] to, int offset, int length) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(to, offset, length);
            while (buffer.hasRemaining()) {
                int got = channel.read(buffer, position + buffer.position() - offset);
                if (got < 0) {
                    int there = buffer.position() - offset;
                    Arrays.fill(to, buffer.position(), offset + length, (byte) 0);
                    return there;
                }
            }
            return length;
        } catch (IOException e) {
            throw failure("read", e);
        }
    }

    public void write(long position, byte[] from, int offset, int length) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(from, offset, length);
            while (buffer.hasRemaining()) {
                channel.write(buffer, position + buffer.position() - offset);
            }
        } catch (IOException e) {
            throw failure("write", e);
        }
    }

    /** Makes what was written survive the host. */
    public void force() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw failure("flush", e);
        }
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw failure("close", e);
        }
    }

    private ImageFailure failure(String what, IOException cause) {
        return new ImageFailure(path + ": " + what, cause);
    }
}
