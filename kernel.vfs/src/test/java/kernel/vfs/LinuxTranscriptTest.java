// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static kernel.uapi.OpenFlags.O_DIRECTORY;
import static kernel.uapi.OpenFlags.O_NONBLOCK;
import static kernel.uapi.OpenFlags.O_RDONLY;
import static kernel.uapi.SystemCallNumber.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import kernel.uapi.Errno;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Do thousands of calls in a row give what Linux gave? The transcripts were recorded on a tmpfs of Linux 6.18 by {@code
 * record-transcript.py}: random calls of two users on names, attributes and contents, with the answer to each.
 */
class LinuxTranscriptTest {
    private final FakeProcess process = FakeHost.booted().root();
    private final Map<String, Long> slots = new HashMap<>();

    @ParameterizedTest
    @ValueSource(strings = {"transcript-1.txt", "transcript-2.txt", "transcript-3.txt"})
    void everyCallAnswersAsOnLinux(String transcript) throws IOException {
        process.call(CHMOD, "/tmp", 0777);
        process.call(CHDIR, "/tmp");
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(getClass().getResourceAsStream(transcript), UTF_8))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                int equals = line.indexOf(" = ");
                String[] words = line.substring(0, equals).split(" ", -1);
                process.become(Integer.parseInt(words[0]));
                assertThat(answer(words))
                        .as("%s:%d: %s", transcript, number, line)
                        .isEqualTo(line.substring(equals + 3));
            }
        }
    }

    private String answer(String[] w) {
        return switch (w[1]) {
            case "open" -> closed(process.open(w[2], octal(w[3]) | O_NONBLOCK, octal(w[4])));
            case "read" -> read(w[2]);
            case "write" -> write(w[2], octal(w[3]), text(w[4]));
            case "mkdir" -> number(process.call(MKDIR, w[2], octal(w[3])));
            case "rmdir" -> number(process.call(RMDIR, w[2]));
            case "unlink" -> number(process.call(UNLINK, w[2]));
            case "rename" -> number(process.rename(w[2], w[3]));
            case "link" -> number(process.call(LINK, w[2], w[3]));
            case "symlink" -> number(process.symlink(w[2], w[3]));
            case "readlink" -> readLink(w[2]);
            case "stat" -> stat(process.call(STAT, w[2], FakeProcess.BUFFER), process.stat(w[2]));
            case "lstat" -> stat(process.call(LSTAT, w[2], FakeProcess.BUFFER), process.lstat(w[2]));
            case "list" -> list(w[2]);
            case "access" -> number(process.call(ACCESS, w[2], Integer.parseInt(w[3])));
            case "chmod" -> number(process.call(CHMOD, w[2], octal(w[3])));
            case "truncate" -> number(process.call(TRUNCATE, w[2], Long.parseLong(w[3])));
            case "mknod" -> number(process.call(MKNOD, w[2], octal(w[3]), 259));
            case "chdir" -> number(process.call(CHDIR, w[2]));
            case "getcwd" -> workingDirectory();
            case "umask" -> Long.toOctalString(process.call(UMASK, octal(w[2])));
            default -> heldAnswer(w);
        };
    }

    private String heldAnswer(String[] w) {
        long fd = slots.getOrDefault(w[2], 999L);
        boolean open = process.files().get((int) fd) != null;
        return switch (w[1]) {
            case "hold" -> hold(w[2], w[3], octal(w[4]));
            case "put" -> number(process.write(fd, text(w[3])));
            case "get" -> content(process.read(fd, Long.parseLong(w[3])));
            case "seek" -> number(open ? process.seek(fd, Long.parseLong(w[3]), Integer.parseInt(w[4])) : -Errno.EBADF);
            case "cut" -> number(process.call(FTRUNCATE, fd, Long.parseLong(w[3])));
            case "fstat" -> stat(process.call(FSTAT, fd, FakeProcess.BUFFER), process.fstat(fd));
            case "drop" -> drop(w[2]);
            default -> throw new IllegalArgumentException(w[1]);
        };
    }

    private static String number(long answer) {
        return Long.toString(answer);
    }

    private String closed(long fd) {
        if (fd >= 0) {
            process.close(fd);
        }
        return number(Math.min(fd, 0));
    }

    private String read(String path) {
        long fd = process.open(path, O_RDONLY | O_NONBLOCK);
        if (fd < 0) {
            return number(fd);
        }
        String content = content(process.read(fd, 20000));
        process.close(fd);
        return content;
    }

    private String write(String path, int flags, String text) {
        long fd = process.open(path, flags | O_NONBLOCK, 0666);
        if (fd < 0) {
            return number(fd);
        }
        String count = number(process.write(fd, text));
        process.close(fd);
        return count;
    }

    private String readLink(String path) {
        String target = process.readLink(path);
        return target != null ? target : number(process.call(READLINK, path, FakeProcess.BUFFER, 4096));
    }

    private String workingDirectory() {
        String path = process.workingDirectory();
        return path != null ? path : number(process.call(GETCWD, FakeProcess.BUFFER, 4096));
    }

    private static String stat(long error, FakeProcess.Stat stat) {
        if (error != 0) {
            return number(error);
        }
        String mode = Integer.toOctalString(stat.mode());
        return mode + " " + stat.links() + " " + stat.uid() + ":" + stat.gid() + " " + stat.size();
    }

    private String list(String path) {
        long fd = process.open(path, O_RDONLY | O_DIRECTORY);
        if (fd < 0) {
            return number(fd);
        }
        long error = process.call(GETDENTS64, fd, FakeProcess.BUFFER, 32768);
        String entries = number(error);
        if (error >= 0) {
            process.seek(fd, 0, 0);
            entries = process.entries(fd, 32768).stream()
                    .map(entry -> entry.name() + ":" + entry.type())
                    .collect(Collectors.joining(" "));
        }
        process.close(fd);
        return entries;
    }

    private String hold(String slot, String path, int flags) {
        drop(slot);
        long fd = process.open(path, flags | O_NONBLOCK, 0666);
        if (fd >= 0) {
            slots.put(slot, fd);
        }
        return number(Math.min(fd, 0));
    }

    private String drop(String slot) {
        Long fd = slots.remove(slot);
        return number(fd == null ? -Errno.EBADF : process.close(fd));
    }

    /** What was read, as runs of equal bytes, such as 3x2y; a zero is written 0. */
    private String content(long count) {
        if (count < 0) {
            return number(count);
        }
        byte[] bytes = process.memory(FakeProcess.BUFFER, (int) count);
        StringBuilder runs = new StringBuilder();
        for (int start = 0; start < bytes.length; ) {
            int end = start;
            while (end < bytes.length && bytes[end] == bytes[start]) {
                end++;
            }
            runs.append(end - start).append(bytes[start] == 0 ? '0' : (char) bytes[start]);
            start = end;
        }
        return runs.isEmpty() ? "-" : runs.toString();
    }

    /** The text of one run. */
    private static String text(String run) {
        int last = run.length() - 1;
        return run.equals("-") ? "" : run.substring(last).repeat(Integer.parseInt(run.substring(0, last)));
    }

    private static int octal(String text) {
        return Integer.parseInt(text, 8);
    }
}
