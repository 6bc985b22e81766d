// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kernel.uapi.Errno;
import kernel.uapi.OpenFlags;
import kernel.uapi.Signal;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.Test;
import userland.fake.FakeKernel;
import userland.fake.Readings;

class StreamsTest {
    private final FakeKernel kernel = new FakeKernel();

    @Test
    void outputToAFileIsWrittenOncePerPage() {
        FakeKernel.Result result = kernel.main((libc, _) -> {
            for (int i = 0; i < 1000; i++) {
                libc.stdout().println("line " + i);
            }
            return 0;
        });
        assertThat(result.out()).startsWith("line 0\nline 1\n").endsWith("line 999\n");
        assertThat(kernel.calls("write"))
                .containsExactly("write(1, 4096) = 4096", "write(1, 4096) = 4096", "write(1, 698) = 698");
    }

    @Test
    void outputToADeviceIsWrittenWithEachLine() {
        kernel.files().device("/dev/lp", 6, 0, new Readings());
        kernel.main((libc, _) -> {
            libc.dup2(libc.open("/dev/lp", OpenFlags.O_WRONLY), Libc.STDOUT);
            libc.stdout().print("a");
            libc.stdout().print("b\nc");
            libc.stdout().print("d");
            return 0;
        });
        assertThat(kernel.calls("write")).containsExactly("write(1, 4) = 4", "write(1, 1) = 1");
    }

    @Test
    void shortWritesAndInterruptsAreCarriedOn() {
        kernel.limit(SystemCallNumber.WRITE, 3).inject(SystemCallNumber.WRITE, -Errno.EINTR, -Errno.EINTR);
        assertThat(kernel.main((libc, _) -> {
                    libc.stdout().print("0123456789");
                    return 0;
                }))
                .isEqualTo(new FakeKernel.Result(0, "0123456789", ""));
    }

    @Test
    void outputThatCannotBeWrittenAtExitMakesTheStatusOne() {
        kernel.inject(SystemCallNumber.WRITE, -Errno.ENOSPC);
        FakeKernel.Result result = kernel.main((libc, _) -> {
            libc.stdout().print("lost");
            return 0;
        });
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).isEqualTo(": write error: No space left on device\n");
    }

    @Test
    void writingToAPipeThatNobodyReadsIsSigpipeOrWhenItIsIgnoredEpipe() {
        assertThat(kernel.main((libc, _) -> intoClosedPipe(libc)).status()).isEqualTo(128 + Signal.SIGPIPE);
        FakeKernel.Result result = kernel.main((libc, _) -> {
            libc.processes().ignore(Signal.SIGPIPE);
            return intoClosedPipe(libc);
        });
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).isEqualTo(": write error: Broken pipe\n");
    }

    private static int intoClosedPipe(Libc libc) {
        Pipe pipe = libc.pipe2(0);
        libc.close(pipe.readEnd());
        libc.dup2(pipe.writeEnd(), Libc.STDOUT);
        libc.stdout().print("x");
        libc.stdout().flush();
        return 0;
    }

    @Test
    void linesAreReadWhole() {
        kernel.limit(SystemCallNumber.READ, 7).inject(SystemCallNumber.READ, -Errno.EINTR);
        kernel.file("/f", "first line\n\n" + "x".repeat(10_000) + "\nno newline");
        List<String> lines = new ArrayList<>();
        kernel.main((libc, _) -> {
            Input input = libc.input(libc.open("/f", OpenFlags.O_RDONLY));
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                lines.add(line);
            }
            input.close();
            return 0;
        });
        assertThat(lines).containsExactly("first line", "", "x".repeat(10_000), "no newline");
    }

    @Test
    void aLineIsAnsweredWithoutAReadThatWouldNotBeNeeded() {
        kernel.files().device("/dev/sensor", 240, 0, new Readings("21.500\n"));
        kernel.main((libc, _) -> {
            Input input = libc.input(libc.open("/dev/sensor", OpenFlags.O_RDONLY));
            assertThat(input.readLine()).isEqualTo("21.500");
            return 0;
        });
        assertThat(kernel.calls("read")).containsExactly("read(3, 4096) = 7");
    }

    @Test
    void aLineWithoutEndIsRefused() {
        kernel.file("/f", "x".repeat(2 << 20));
        FakeKernel.Result result = kernel.main((libc, _) -> {
            libc.input(libc.open("/f", OpenFlags.O_RDONLY)).readLine();
            return 0;
        });
        assertThat(result.err()).isEqualTo(": line too long: Cannot allocate memory\n");
    }

    @Test
    void whatWasReadAheadIsGivenBackToTheFile() {
        kernel.file("/f", "one\ntwo\n");
        kernel.main((libc, _) -> {
            int fd = libc.open("/f", OpenFlags.O_RDONLY);
            Input input = libc.input(fd);
            input.readLine();
            input.giveBack();
            assertThat(libc.input(fd).readLine()).isEqualTo("two");
            return 0;
        });
    }
}
