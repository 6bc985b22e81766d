// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kernel.uapi.Errno;
import kernel.uapi.Executable;
import kernel.uapi.Signal;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import userland.fake.Device;
import userland.fake.FakeKernel;
import userland.fake.Readings;

/** What the programs print, and how they end. A quoted command line is split at blanks; {@code \n} is a newline in inputs and outputs. */
class ProgramsTest {
    private final FakeKernel kernel = new FakeKernel();

    @BeforeEach
    void files() {
        kernel.files().programs(BinDirectory.executables());
        kernel.file("/etc/motd", "hello\nworld\n");
        kernel.file("/tmp/three", "a b\nc\nlast, no newline");
        kernel.file("/tmp/sub/deep", "x");
        kernel.files().device("/dev/tempsensor", 240, 0, new Readings("21.500\n", "22.000\n"));
        kernel.files().device("/dev/null", 1, 3, new Readings());
        kernel.environment("PATH", "/bin").environment("HOME", "/root");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "cat /etc/motd                      | hello\\nworld\\n",
                "cat /tmp/three /etc/motd           | a b\\nc\\nlast, no newlinehello\\nworld\\n",
                "cat -n /tmp/three                  | `     1\ta b\\n     2\tc\\n     3\tlast, no newline`",
                "head -n 1 /etc/motd                | hello\\n",
                "head -1 /etc/motd /tmp/three       | ==> /etc/motd <==\\nhello\\n\\n==> /tmp/three <==\\na b\\n",
                "head -q -n1 /etc/motd /etc/motd    | hello\\nhello\\n",
                "head -c 3 /etc/motd                | hel",
                "head -n 0 /etc/motd                | ``",
                "tail -n 1 /etc/motd                | world\\n",
                "tail -n +2 /tmp/three              | c\\nlast, no newline",
                "tail -c 4 /etc/motd                | rld\\n",
                "tail -c +9 /etc/motd               | rld\\n",
                "wc /etc/motd                       | ` 2  2 12 /etc/motd\\n`",
                "wc -l /etc/motd                    | 2 /etc/motd\\n",
                "wc -l /etc/motd /tmp/three         | ` 2 /etc/motd\\n 2 /tmp/three\\n 4 total\\n`",
                "echo a  b                          | a b\\n",
                "echo -n a                          | a",
                "echo -e a\\tb\\x41\\0101\\cZ   | `a\tbAA`",
                "echo -x                            | -x\\n",
                "printf a%sb%%\\n x              | axb%\\n",
                "printf %s-%d, a 1 b 2              | a-1,b-2,",
                "printf [%5s][%-5s][%.2s] ab ab abc | `[   ab][ab   ][ab]`",
                "printf [%03d][%+d][%x][%5.3d] 7 7 255 7 | `[007][+7][ff][  007]`",
                "printf %d/%s/                      | 0//",
                "printf \\101\\x42%b \\0103    | ABC",
                "printf %c%c xyz uvw                | xu",
                "seq 3                              | 1\\n2\\n3\\n",
                "seq 0 0.5 1                        | 0.0\\n0.5\\n1.0\\n",
                "seq -s , 3 -1 1                    | 3,2,1\\n",
                "seq -w 8 10                        | 08\\n09\\n10\\n",
                "pwd                                | /\\n",
                "clear                              | `\033[H\033[2J\033[3J`",
                "uname                              | U-Bend\\n",
                "uname -a                           | U-Bend fake 1.0 #1 jvm\\n",
                "env                                | PATH=/bin\\nHOME=/root\\n",
                "env -i A=1                         | A=1\\n",
                "env -u HOME B=2 env                | PATH=/bin\\nB=2\\n",
                "date                               | Thu Jan  1 00:00:00 UTC 1970\\n",
                "date +%Y-%m-%d@%H:%M:%S%%          | 1970-01-01@00:00:00%\\n",
                "grep o /etc/motd                   | hello\\nworld\\n",
                "grep -n wor /etc/motd              | 2:world\\n",
                "grep -c l /etc/motd                | 2\\n",
                "grep -v hello /etc/motd            | world\\n",
                "grep -i HELLO /etc/motd            | hello\\n",
                "grep last /tmp/three               | last, no newline\\n",
                "grep ^.o*r /etc/motd /tmp/three    | /etc/motd:world\\n",
                "grep -l o /etc/motd /tmp/sub/deep  | /etc/motd\\n",
                "grep -E [hw]+[eo]   /etc/motd        | hello\\nworld\\n",
                "grep -F l.o /etc/motd /etc/motd    | ``",
                "kill -l                            | HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS\\n",
                "kill -l 9                          | KILL\\n",
                "kill -l 139                        | SEGV\\n",
                "kill -l SIGTERM                    | 15\\n",
                "hexdump -C /etc/motd               | `00000000  68 65 6c 6c 6f 0a 77 6f  72 6c 64 0a              |hello.world.|\\n0000000c\\n`",
                "hexdump -n 3 /etc/motd             | `0000000 6568 006c                              \\n0000003\\n`",
                "od -c -N 6 /etc/motd               | `0000000   h   e   l   l   o  \\\\n\\n0000006\\n`",
                "od -An -tx1 -N4 /etc/motd          | ` 68 65 6c 6c\\n`",
            })
    void prints(String command, String out) {
        FakeKernel.Result result = run(command.strip());
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo(unescape(out));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "cat nofile               | 1   | cat: nofile: No such file or directory\\n",
                "cat /etc                 | 1   | cat: /etc: Is a directory\\n",
                "cat -z                   | 1   | cat: invalid option -- 'z'\\nTry 'cat --help' for more information.\\n",
                "cat --long               | 1   | cat: unrecognized option '--long'\\nTry 'cat --help' for more information.\\n",
                "head nofile              | 1   | head: cannot open 'nofile' for reading: No such file or directory\\n",
                "head -n x                | 1   | head: invalid number of lines: 'x'\\nTry 'head --help' for more information.\\n",
                "head -n                  | 1   | head: option requires an argument -- 'n'\\nTry 'head --help' for more information.\\n",
                "tail /etc                | 1   | tail: error reading '/etc': Is a directory\\n",
                "wc nofile                | 1   | wc: nofile: No such file or directory\\n",
                "ls nofile                | 2   | ls: cannot access 'nofile': No such file or directory\\n",
                "ls -Z                    | 2   | ls: invalid option -- 'Z'\\nTry 'ls --help' for more information.\\n",
                "sleep                    | 1   | sleep: missing operand\\nTry 'sleep --help' for more information.\\n",
                "sleep 1x                 | 1   | sleep: invalid time interval '1x'\\nTry 'sleep --help' for more information.\\n",
                "kill                     | 1   | kill: not enough arguments\\nTry 'kill --help' for more information.\\n",
                "kill 4711                | 1   | kill: (4711) - No such process\\n",
                "kill -FOO 1              | 1   | kill: FOO: invalid signal specification\\nTry 'kill --help' for more information.\\n",
                "kill abc                 | 1   | kill: abc: arguments must be process or job IDs\\n",
                "mkdir /etc               | 1   | mkdir: cannot create directory '/etc': File exists\\n",
                "mkdir /no/dir            | 1   | mkdir: cannot create directory '/no/dir': No such file or directory\\n",
                "rmdir /tmp               | 1   | rmdir: failed to remove '/tmp': Directory not empty\\n",
                "rm nofile                | 1   | rm: cannot remove 'nofile': No such file or directory\\n",
                "rm /tmp                  | 1   | rm: cannot remove '/tmp': Is a directory\\n",
                "rm -r /tmp/..            | 1   | rm: refusing to remove '.' or '..' directory: skipping '/tmp/..'\\n",
                "rm -f nofile             | 0   | ``",
                "touch /no/file           | 1   | touch: cannot touch '/no/file': No such file or directory\\n",
                "stat nofile              | 1   | stat: cannot statx 'nofile': No such file or directory\\n",
                "cp nofile /tmp/y         | 1   | cp: cannot stat 'nofile': No such file or directory\\n",
                "cp /etc /tmp/y           | 1   | cp: -r not specified; omitting directory '/etc'\\n",
                "cp -r nofile /tmp/y      | 1   | cp: cannot stat 'nofile': No such file or directory\\n",
                "cp -r /tmp /etc/motd     | 1   | cp: cannot overwrite non-directory '/etc/motd' with directory '/tmp'\\n",
                "cp -r /dev/null /tmp/y   | 1   | cp: cannot copy special file '/dev/null'\\n",
                "cp /etc/motd             | 1   | cp: missing destination file operand after '/etc/motd'\\nTry 'cp --help' for more information.\\n",
                "mv nofile /tmp/y         | 1   | mv: cannot stat 'nofile': No such file or directory\\n",
                "printf                   | 1   | printf: missing operand\\nTry 'printf --help' for more information.\\n",
                "printf %d x              | 1   | printf: 'x': expected a numeric value\\n",
                "printf %y                | 1   | printf: %y: invalid conversion specification\\nTry 'printf --help' for more information.\\n",
                "chmod +x                 | 1   | chmod: missing operand after '+x'\\nTry 'chmod --help' for more information.\\n",
                "chmod q=r /etc/motd      | 1   | chmod: invalid mode: 'q=r'\\nTry 'chmod --help' for more information.\\n",
                "chmod 644 nofile         | 1   | chmod: cannot access 'nofile': No such file or directory\\n",
                "ln -s a /no/link         | 1   | ln: failed to create symbolic link '/no/link': No such file or directory\\n",
                "dd if=nofile status=none | 1   | dd: failed to open 'nofile': No such file or directory\\n",
                "dd foo=1                 | 1   | dd: unrecognized operand 'foo=1'\\nTry 'dd --help' for more information.\\n",
                "seq x                    | 1   | seq: invalid floating point argument: 'x'\\nTry 'seq --help' for more information.\\n",
                "env nocommand            | 127 | env: 'nocommand': No such file or directory\\n",
                "grep x nofile            | 2   | grep: nofile: No such file or directory\\n",
                "grep -s x nofile         | 2   | ``",
                "grep -q nothing /etc/motd| 1   | ``",
                "grep -q o /etc/motd      | 0   | ``",
                "grep                     | 2   | grep: no pattern given\\nTry 'grep --help' for more information.\\n",
                "grep [ /etc/motd         | 2   | grep: Unmatched [, [^, [:, [., or [=\\nTry 'grep --help' for more information.\\n",
                "sort nofile              | 2   | sort: cannot read: nofile: No such file or directory\\n",
                "tee /no/file             | 1   | tee: /no/file: No such file or directory\\n",
                "[ a = a                  | 2   | [: missing ']'\\n",
                "test 1 -lt x             | 2   | test: x: integer expression expected\\n",
                "false                    | 1   | ``",
                "true                     | 0   | ``",
            })
    void complains(String command, int status, String err) {
        FakeKernel.Result result = run(command.strip());
        assertThat(result.err()).isEqualTo(unescape(err));
        assertThat(result.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "cat             | from stdin\\n | from stdin\\n",
                "cat - /etc/motd | x             | xhello\\nworld\\n",
                "wc              | a b\\nc\\n    | `      2       3       6\\n`",
                "wc -c           | abc           | 3\\n",
                "sort            | b\\nA\\na\\n\\n| \\nA\\na\\nb\\n",
                "sort -n         | 10\\n9\\n-1\\nx\\n 2| -1\\nx\\n 2\\n9\\n10\\n",
                "sort -ru        | a\\nb\\na\\n  | b\\na\\n",
                "grep -n b       | a\\nb\\nb     | 2:b\\n3:b\\n",
                "tee /tmp/copy   | copied\\n     | copied\\n",
                "tail -n 2       | 1\\n2\\n3\\n  | 2\\n3\\n",
                "od -c           | \\0\\u00e9    | `0000000  \\\\0 303 251\\n0000003\\n`",
            })
    void filters(String command, String input, String out) {
        String[] words = command.strip().split(" +", -1);
        FakeKernel.Result result = kernel.runWithInput(
                unescape(input.strip()), "/bin/" + words[0], Arrays.copyOfRange(words, 1, words.length));
        assertThat(result).isEqualTo(new FakeKernel.Result(0, unescape(out), ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                           | 1",
                "x                            | 0",
                "-n x                         | 0",
                "-z x                         | 1",
                "a = a                        | 0",
                "a != a                       | 1",
                "! a = a                      | 1",
                "! = !                        | 0",
                "5 -gt 3                      | 0",
                "5 -le 3                      | 1",
                "-f /etc/motd                 | 0",
                "-d /etc                      | 0",
                "-d /etc/motd                 | 1",
                "-e /none                     | 1",
                "-c /dev/null                 | 0",
                "-s /etc/motd                 | 0",
                "-x /bin/cat                  | 0",
                "-x /etc/motd                 | 1",
                "-t 1                         | 1",
                "a = b -o x = x               | 0",
                "a = a -a x = y               | 1",
                "( a = b ) -o ( x = x )       | 0",
                "-n                           | 0",
                "a b                          | 2",
            })
    void tests(String expression, int status) {
        String command = expression.isEmpty() ? "test" : "test " + expression.strip();
        assertThat(run(command).status()).isEqualTo(status);
        assertThat(run(expression.isEmpty() ? "[ ]" : "[ " + expression.strip() + " ]")
                        .status())
                .isEqualTo(status);
    }

    @Test
    void headTakesOneReadingOfASensorWithOneRead() {
        assertThat(run("head -n 1 /dev/tempsensor").out()).isEqualTo("21.500\n");
        assertThat(kernel.calls())
                .containsExactly("openat(/dev/tempsensor) = 3", "read(3, 4096) = 7", "write(1, 7) = 7");
    }

    @Test
    void headLeavesTheRestOfAFileToTheNextReader() {
        kernel.file("/tmp/script", "{ head -n 1; cat; } < /etc/motd");
        assertThat(run("sh /tmp/script").out()).isEqualTo("hello\nworld\n");
    }

    @Test
    void catGoesOnAfterAFileThatCannotBeReadAndReportsIt() {
        FakeKernel.Result result = run("cat nofile /etc/motd");
        assertThat(result.out()).isEqualTo("hello\nworld\n");
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void catSaysWhatTheDriverSays() {
        kernel.inject(SystemCallNumber.READ, -Errno.ENODEV);
        assertThat(run("cat /dev/tempsensor").err()).isEqualTo("cat: /dev/tempsensor: No such device\n");
        kernel.inject(SystemCallNumber.READ, -Errno.EAGAIN);
        assertThat(run("cat /dev/tempsensor").err())
                .isEqualTo("cat: /dev/tempsensor: Resource temporarily unavailable\n");
    }

    @Test
    void outputThatCannotBeWrittenEndsAProgram() {
        kernel.inject(SystemCallNumber.WRITE, -Errno.ENOSPC);
        FakeKernel.Result result = run("cat /etc/motd /etc/motd");
        assertThat(result).isEqualTo(new FakeKernel.Result(1, "", "cat: write error: No space left on device\n"));
    }

    @Test
    void cpCopiesTrees() {
        kernel.files().link("/tmp/sub/link", "deep");
        assertThat(run("cp -r /tmp/sub /tmp/copy").status()).isZero();
        assertThat(kernel.files().read("/tmp/copy/deep")).isEqualTo("x");
        assertThat(run("cat /tmp/copy/link").out()).isEqualTo("x");
        assertThat(run("ls -l /tmp/copy").out()).contains("link -> deep");
        assertThat(run("cp -r /tmp/sub /tmp/copy").status()).isZero();
        assertThat(kernel.files().read("/tmp/copy/sub/deep")).isEqualTo("x");
        FakeKernel.Result itself = run("cp -r /tmp /tmp/copy");
        assertThat(itself.status()).isEqualTo(1);
        assertThat(itself.err())
                .isEqualTo("cp: cannot copy a directory, '/tmp/copy/tmp', into itself, '/tmp/copy/tmp/copy/tmp'\n");
    }

    @Test
    void filesAndDirectoriesAreMadeCopiedMovedAndRemoved() {
        assertThat(run("mkdir -p /tmp/a/b/c").status()).isZero();
        assertThat(run("mkdir -p /tmp/a/b/c").status()).isZero();
        assertThat(run("touch /tmp/a/new").status()).isZero();
        assertThat(run("cp /etc/motd /tmp/a/b").status()).isZero();
        assertThat(run("mv /tmp/a/b/motd /tmp/a/moved").status()).isZero();
        assertThat(kernel.files().read("/tmp/a/moved")).isEqualTo("hello\nworld\n");
        assertThat(run("ls -1 /tmp/a").out()).isEqualTo("b\nmoved\nnew\n");
        assertThat(run("rm -rv /tmp/a").out()).endsWith("removed '/tmp/a/new'\nremoved directory '/tmp/a'\n");
        assertThat(kernel.files().read("/tmp/a/moved")).isNull();
    }

    @Test
    void permissionsAreChanged() {
        run("chmod +x /etc/motd");
        assertThat(run("ls -l /etc/motd").out()).startsWith("-rwxr-xr-x");
        run("chmod go-rx,u=w /etc/motd");
        assertThat(run("ls -l /etc/motd").out()).startsWith("--w-------");
        run("chmod 4750 /etc/motd");
        assertThat(run("ls -l /etc/motd").out()).startsWith("-rwsr-x---");
    }

    @Test
    void linksAreMade() {
        assertThat(run("ln -s /etc/motd /tmp").status()).isZero();
        assertThat(run("cat /tmp/motd").out()).isEqualTo("hello\nworld\n");
        assertThat(run("ln /tmp/three /tmp/motd").err())
                .isEqualTo("ln: failed to create hard link '/tmp/motd': File exists\n");
        assertThat(run("ln -f /tmp/three /tmp/motd").status()).isZero();
        assertThat(run("head -n 1 /tmp/motd").out()).isEqualTo("a b\n");
    }

    @Test
    void ddCopiesBlockByBlock() {
        FakeKernel.Result result = run("dd if=/etc/motd of=/tmp/copy bs=5 skip=1 count=2");
        assertThat(kernel.files().read("/tmp/copy")).isEqualTo("\nworld\n");
        assertThat(result.err()).startsWith("1+1 records in\n1+1 records out\n7 bytes copied, ");
        assertThat(kernel.calls("read")).containsExactly("read(3, 5) = 5", "read(3, 5) = 2");
        run("dd if=/tmp/sub/deep of=/tmp/copy bs=2 seek=1 status=none");
        assertThat(kernel.files().read("/tmp/copy")).isEqualTo("\nwxrld\n");
    }

    @Test
    void lsShowsDevicesWithTheirNumbers() {
        assertThat(run("ls -l /dev/tempsensor").out())
                .isEqualTo("crw-rw-rw- 1 root root 240, 0 Sep  9  2001 /dev/tempsensor\n");
        assertThat(run("ls -l /dev").out()).isEqualTo("""
                        total 0
                        crw-rw-rw- 1 root root   1, 3 Sep  9  2001 null
                        crw-rw-rw- 1 root root 240, 0 Sep  9  2001 tempsensor
                        """);
    }

    @Test
    void lsListsFilesFirstThenDirectoriesUnderTheirNames() {
        kernel.file("/tmp/.hidden", "");
        kernel.files().link("/tmp/link", "/etc/motd");
        assertThat(run("ls /tmp/three /tmp/sub /tmp").out())
                .isEqualTo("/tmp/three\n\n/tmp:\nlink\nsub\nthree\n\n/tmp/sub:\ndeep\n");
        assertThat(run("ls -a /tmp").out()).isEqualTo(".\n..\n.hidden\nlink\nsub\nthree\n");
        assertThat(run("ls -A /tmp").out()).isEqualTo(".hidden\nlink\nsub\nthree\n");
        assertThat(run("ls -d /tmp").out()).isEqualTo("/tmp\n");
        assertThat(run("ls -l /tmp/link").out()).endsWith(" /tmp/link -> /etc/motd\n");
        assertThat(run("ls -r /tmp/sub /etc").out()).isEqualTo("/tmp/sub:\ndeep\n\n/etc:\nmotd\n");
    }

    @Test
    void columnsAreFilledDownwards() {
        assertThat(Columns.layOut(List.of("a", "bb", "ccc", "d", "e"), 12)).isEqualTo("a   ccc  e\nbb  d\n");
        assertThat(Columns.layOut(List.of("a", "b"), 80)).isEqualTo("a  b\n");
        assertThat(Columns.layOut(List.of("a-long-name", "b"), 5)).isEqualTo("a-long-name\nb\n");
    }

    @Test
    void sleepAddsItsArgumentsUp() {
        assertThat(run("sleep 1.5 .25s 1m").status()).isZero();
        assertThat(kernel.nanos()).isEqualTo(61_750_000_000L);
    }

    @Test
    void psReadsProc() {
        kernel.file("/proc/1/stat", "1 (init) S 0 1 1 1281 1 0 0 0 0 0 5 7 0 0 20 0 1 0 0 1024000 25 0\n");
        kernel.file("/proc/1/cmdline", "/sbin/init\0--quick\0");
        kernel.file("/proc/7/stat", "7 (odd ) name) R 1 7 7 0 -1 0 0 0 0 0 360000 0 0 0 20 0 1 0 100 0 0 0\n");
        kernel.file("/proc/42/stat", "42 (ps) R 1 42 1 1281 42 0 0 0 0 0 0 0 0 0 20 0 1 0 0 0 0 0\n");
        kernel.file("/proc/uptime", "1.00 1.00\n");
        assertThat(run("ps").out()).isEqualTo("""
                            PID TTY          TIME CMD
                              1 console  00:00:00 init
                             42 console  00:00:00 ps
                        """);
        assertThat(run("ps -e").out()).contains("      7 ?        01:00:00 odd ) name\n");
        assertThat(run("ps -ef").out())
                .contains("root           1       0  0 00:00 console  00:00:00 /sbin/init --quick\n")
                .contains("[odd ) name]\n");
        assertThat(run("ps aux").out())
                .contains("root           1  0.0  0.0   1000   100 console  Ss+  00:00   0:00 /sbin/init --quick\n");
    }

    @Test
    void yesGoesOnUntilNobodyReads() {
        assertThat(run("sh -c yes|head").out()).isEqualTo("y\n".repeat(10));
    }

    @Test
    void killSendsTheSignal() {
        assertThat(run("sh -c kill").status()).isEqualTo(1);
        run("kill -KILL 0");
        run("kill -s USR1 -- -1");
        assertThat(kernel.calls("kill")).contains("kill(-1, " + Signal.SIGUSR1 + ") = " + -Errno.ESRCH);
    }

    @Test
    void theTerminalGetsColumnsAndLines() {
        StringBuilder screen = new StringBuilder();
        kernel.files().device("/dev/tty", 5, 0, new Device() {
            @Override
            public int read(byte[] buffer, int count) {
                return 0;
            }

            @Override
            public int write(byte[] bytes, int count) {
                screen.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
                return count;
            }

            @Override
            public boolean isTerminal() {
                return true;
            }
        });
        kernel.file("/tmp/script", "ls /tmp > /dev/tty");
        run("sh /tmp/script");
        assertThat(screen).hasToString("script  sub  three\n");
    }

    @Test
    void grepGivesUpOnAnExpressionThatWouldTakeForEver() {
        kernel.file("/tmp/as", "a".repeat(60) + "b\n");
        assertThat(run("grep -E ^(a|aa)+\\1c$ /tmp/as").err()).startsWith("grep: exceeded the backtracking limit");
    }

    static Set<String> paths() {
        return BinDirectory.executables().keySet();
    }

    @ParameterizedTest
    @MethodSource("paths")
    void everyProgramExplainsItself(String path) {
        FakeKernel.Result result = kernel.run(path, "--help");
        assertThat(result.status()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).startsWith("Usage: " + path.substring("/bin/".length()));
        assertThat(result.out()
                        .lines()
                        .skip(1)
                        .dropWhile(line -> line.startsWith(" "))
                        .findFirst())
                .hasValueSatisfying(purpose -> assertThat(purpose).endsWith("."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bin/cat", "/bin/sh", "/bin/[", "/bin/ls"})
    void theDirectoryHasThem(String path) {
        Map<String, Executable> programs = BinDirectory.executables();
        assertThat(programs).containsKey(path);
        assertThat(BinDirectory.summaries()).contains(entry("true", "Do nothing, successfully."));
    }

    private FakeKernel.Result run(String command) {
        String[] words = command.split(" +", -1);
        String[] arguments = Arrays.copyOfRange(words, 1, words.length);
        return kernel.run("/bin/" + words[0], arguments);
    }

    private static String unescape(String text) {
        return text.replace("\\\\", "\u0000")
                .replace("\\n", "\n")
                .replace("\\0", "\u0001")
                .replace("\\u00e9", "\u00e9")
                .replace('\u0000', '\\')
                .replace('\u0001', '\0');
    }
}
