// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.List;
import java.util.function.BiFunction;
import kernel.uapi.OpenFlags;
import userland.libc.Input;
import userland.libc.Libc;
import userland.libc.SystemCallException;

/**
 * Does something with each file that was named, or with the standard input when none was or the name is {@code -}. A file that cannot be
 * opened or read is reported, and the next one is taken.
 */
final class FileLoop {
    /** What is done with a file that is open. */
    @FunctionalInterface
    interface Body {
        void accept(String name, int fd);
    }

    /** What is done with a file that is read line by line. */
    @FunctionalInterface
    interface LineBody {
        void accept(String name, Input input);
    }

    private final Libc libc;
    private boolean failed;
    private BiFunction<String, SystemCallException, String> message = (name, e) -> name + ": " + e.text();

    FileLoop(Libc libc) {
        this.libc = libc;
    }

    /** In other words than {@code name: text}; null says nothing. */
    FileLoop messages(BiFunction<String, SystemCallException, String> wording) {
        message = wording;
        return this;
    }

    FileLoop run(List<String> names, Body body) {
        if (names.isEmpty()) {
            runOne("-", body);
        } else {
            for (String name : names) {
                runOne(name, body);
            }
        }
        return this;
    }

    /** Like {@link #run}, for programs that read lines. */
    FileLoop runLines(List<String> names, LineBody body) {
        return run(names, (name, fd) -> {
            Input input = libc.input(fd);
            body.accept(name, input);
            if (input != libc.stdin()) {
                input.freeBuffer();
            }
        });
    }

    boolean failed() {
        return failed;
    }

    private void runOne(String name, Body body) {
        int fd = Libc.STDIN;
        try {
            if (!name.equals("-")) {
                fd = libc.open(name, OpenFlags.O_RDONLY);
            }
            body.accept(name, fd);
        } catch (SystemCallException.WriteFailed e) {
            throw e;
        } catch (SystemCallException e) {
            failed = true;
            String text = message.apply(name, e);
            if (text != null) {
                libc.warn(text);
            }
        }
        if (fd != Libc.STDIN) {
            libc.raw().close(fd);
        }
    }
}
