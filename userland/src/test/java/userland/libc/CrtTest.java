// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import kernel.uapi.Errno;
import kernel.uapi.OpenFlags;
import kernel.uapi.Signal;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.Test;
import userland.fake.FakeKernel;

class CrtTest {
    private final FakeKernel kernel = new FakeKernel();

    @Test
    void argumentsAndEnvironmentAreFoundOnTheStack() {
        kernel.environment("HOME", "/root").environment("EMPTY", "").environment("EQUALS", "a=b");
        FakeKernel.Result result = run(
                (libc, arguments) -> {
                    libc.stdout().println(libc.programName() + " " + String.join("|", arguments));
                    libc.stdout().println(libc.environment().values().toString());
                    return 3;
                },
                "/usr/bin/prog",
                "",
                "an argument",
                "\u00e4\u20ac");
        assertThat(result.out()).isEqualTo("prog |an argument|\u00e4\u20ac\n{HOME=/root, EMPTY=, EQUALS=a=b}\n");
        assertThat(result.status()).isEqualTo(3);
    }

    @Test
    void aStringLongerThanAPageIsReadWhole() {
        String longArgument = "x".repeat(10_000);
        FakeKernel.Result result =
                run((libc, arguments) -> arguments[0].equals(longArgument) ? 0 : 1, "prog", longArgument);
        assertThat(result.status()).isZero();
    }

    @Test
    void aSystemCallThatFailsUncaughtIsAMessageAndStatusOne() {
        FakeKernel.Result result = run((libc, _) -> libc.open("/no/such", OpenFlags.O_RDONLY), "/bin/prog");
        assertThat(result).isEqualTo(new FakeKernel.Result(1, "", "prog: /no/such: No such file or directory\n"));
    }

    @Test
    void anyOtherExceptionIsAnAbort() {
        FakeKernel.Result result = run(
                (_, _) -> {
                    throw new IllegalStateException("what?");
                },
                "prog");
        assertThat(result.status()).isEqualTo(128 + Signal.SIGABRT);
        assertThat(result.err())
                .startsWith("prog: uncaught java.lang.IllegalStateException: what?\n\tat userland.libc.CrtTest");
    }

    @Test
    void anAddressThatIsNotMappedIsASegmentationFault() {
        FakeKernel.Result result = run((libc, _) -> libc.processor().loadInt(0), "prog");
        assertThat(result).isEqualTo(new FakeKernel.Result(128 + Signal.SIGSEGV, "", ""));
    }

    @Test
    void aProgramThatNeedsNoMemoryAsksForNone() {
        kernel.inject(SystemCallNumber.BRK, -1);
        assertThat(run((_, _) -> 0, "true").status()).isZero();
        assertThat(kernel.calls()).isEmpty();
    }

    @Test
    void theProgramIsMadeAnewForEachExec() {
        kernel.program("/bin/once", new Crt(() -> new Program() {
            private int runs;

            @Override
            public int main(Libc libc, String[] arguments) {
                return ++runs;
            }
        }));
        assertThat(kernel.run("/bin/once").status()).isEqualTo(1);
        assertThat(kernel.run("/bin/once").status()).isEqualTo(1);
    }

    @Test
    void everyErrnoThatHasAClassOfItsOwnIsThrownAsThat() {
        Map<Integer, Class<?>> classes = Map.of(
                Errno.ENOENT, SystemCallException.NoSuchFile.class,
                Errno.ENODEV, SystemCallException.NoSuchDevice.class,
                Errno.EAGAIN, SystemCallException.WouldBlock.class,
                Errno.EINTR, SystemCallException.Interrupted.class,
                Errno.EACCES, SystemCallException.class);
        classes.forEach((errno, type) -> {
            SystemCallException e = SystemCallException.of(errno, "read", null);
            assertThat(e).isExactlyInstanceOf(type).hasMessage("read: " + e.text());
            assertThat(e.errno()).isEqualTo(errno);
            assertThat(e.name()).isEqualTo(Errno.name(errno));
        });
    }

    private FakeKernel.Result run(Program program, String... arguments) {
        kernel.program("/prog", new Crt(() -> program));
        return kernel.runAs("/prog", arguments);
    }
}
