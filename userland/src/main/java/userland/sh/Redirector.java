// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.IntSupplier;
import kernel.uapi.Limits;
import kernel.uapi.OpenFlags;
import userland.libc.Arena;
import userland.libc.Libc;
import userland.libc.Pipe;
import userland.libc.SystemCallException;

/** Makes descriptors point elsewhere, and back again. */
final class Redirector {
    /** Where descriptors are kept meanwhile, out of the way of those that people write down. */
    private static final int SAVED_MIN = 10;

    private static final int MODE = 0666;

    /** A descriptor as it was. The copy is -1 when it was not open. */
    record Saved(int fd, int copy) {}

    private final Libc libc;
    private final Expander expander;

    Redirector(Libc libc, Expander expander) {
        this.libc = libc;
        this.expander = expander;
    }

    /**
     * Applies redirections from left to right.
     *
     * @param saved what was there is kept and put in front; null when nobody will want it back
     * @throws RedirectionError when a file cannot be opened and the like; the redirections before it have been applied
     */
    void apply(List<Redirection> redirections, Deque<Saved> saved) {
        libc.stdout().flush();
        for (Redirection redirection : redirections) {
            if (saved != null) {
                saved.addFirst(save(redirection.fd()));
            }
            apply(redirection);
        }
    }

    private void restore(Deque<Saved> saved) {
        for (Saved old : saved) {
            if (old.copy < 0) {
                libc.raw().close(old.fd);
            } else {
                libc.raw().dup2(old.copy, old.fd);
                libc.raw().close(old.copy);
            }
        }
        saved.clear();
    }

    /** Executes the body with the redirections, which are undone afterwards. */
    int around(List<Redirection> redirections, IntSupplier body) {
        if (redirections.isEmpty()) {
            return body.getAsInt();
        }
        Deque<Saved> saved = new ArrayDeque<>();
        int status;
        // Nothing is restored in a finally: that would also run, and trap, while the kernel unwinds this process.
        try {
            apply(redirections, saved);
            status = body.getAsInt();
        } catch (RedirectionError e) {
            restore(saved);
            libc.warn(e.getMessage());
            return 1;
        } catch (RuntimeException e) {
            restore(saved);
            throw e;
        }
        restore(saved);
        return status;
    }

    private Saved save(int fd) {
        return new Saved(fd, (int) Math.max(-1, libc.raw().fcntl(fd, OpenFlags.F_DUPFD_CLOEXEC, SAVED_MIN)));
    }

    private void apply(Redirection redirection) {
        switch (redirection.kind()) {
            case READ -> open(redirection, OpenFlags.O_RDONLY);
            case WRITE -> open(redirection, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC);
            case APPEND -> open(redirection, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND);
            case READ_WRITE -> open(redirection, OpenFlags.O_RDWR | OpenFlags.O_CREAT);
            case DUPLICATE -> duplicate(redirection);
            case HERE -> move(document(expander.text(redirection.document().body())), redirection.fd());
        }
    }

    private void open(Redirection redirection, int flags) {
        String path = expander.text(redirection.target());
        try {
            move(libc.open(path, flags, MODE), redirection.fd());
        } catch (SystemCallException e) {
            throw new RedirectionError(path + ": " + e.text());
        }
    }

    private void move(int from, int to) {
        if (from != to) {
            libc.dup2(from, to);
            libc.close(from);
        }
    }

    private void duplicate(Redirection redirection) {
        String target = expander.text(redirection.target());
        if (target.equals("-")) {
            libc.raw().close(redirection.fd());
        } else if (target.length() < 5 && !target.isEmpty() && target.chars().allMatch(Character::isDigit)) {
            try {
                libc.dup2(Integer.parseInt(target), redirection.fd());
            } catch (SystemCallException e) {
                throw new RedirectionError(target + ": " + e.text());
            }
        } else {
            throw new RedirectionError(target + ": ambiguous redirect");
        }
    }

    /** A pipe with the text in it: a short one fits, a long one is written by a child. */
    private int document(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Pipe pipe = libc.pipe2(0);
        if (bytes.length <= Limits.PIPE_BUF) {
            write(libc, pipe.writeEnd(), bytes);
        } else {
            libc.processes().fork(child -> {
                child.close(pipe.readEnd());
                write(child, pipe.writeEnd(), bytes);
                return 0;
            });
        }
        libc.close(pipe.writeEnd());
        return pipe.readEnd();
    }

    private static void write(Libc libc, int fd, byte[] bytes) {
        try (Arena arena = libc.arena()) {
            long address = arena.bytes(bytes, 0, bytes.length);
            int done = 0;
            while (done < bytes.length) {
                done += libc.write(fd, address + done, bytes.length - done);
            }
        }
    }
}
