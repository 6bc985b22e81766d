// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import static org.assertj.core.api.Assertions.assertThat;

import kernel.uapi.Errno;
import kernel.uapi.Signal;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import userland.bin.BinDirectory;
import userland.fake.FakeKernel;
import userland.fake.Readings;
import userland.libc.Crt;

/** Scripts, run with real programs on a kernel in memory. */
class ShellTest {
    private final FakeKernel kernel = new FakeKernel();

    @BeforeEach
    void files() {
        kernel.files().programs(BinDirectory.executables());
        kernel.file("/etc/motd", "hello\nworld\n");
        kernel.files().directory("/tmp");
        kernel.files().device("/dev/null", 1, 3, new Readings());
        kernel.environment("PATH", "/bin:/sbin");
        for (int signal : new int[] {Signal.SIGSEGV, Signal.SIGKILL, Signal.SIGINT, Signal.SIGPIPE}) {
            kernel.program("/bin/die-" + Signal.name(signal), new Crt(() -> (libc, _) -> {
                libc.processes().kill(libc.processes().getpid(), signal);
                return 0;
            }));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "echo a; echo b                                     ~ a b",
                "x=1; echo $x$x                                     ~ 11",
                "x=1 env | grep ^x; echo $x                         ~ x=1 ``",
                "export x=2; env | grep ^x; unset x; env | grep ^x  ~ x=2",
                "cat /etc/motd | grep -n l | wc -l                  ~ 2",
                "true | false; echo $?; false | true; echo $?       ~ 1 0",
                "! true; echo $?; ! false; echo $?                  ~ 1 0",
                "true && echo y || echo n; false && echo y || echo n ~ y n",
                "if true; then echo t; else echo e; fi              ~ t",
                "if false; then echo t; elif true; then echo i; fi  ~ i",
                "if false; then echo t; fi; echo $?                 ~ 0",
                "i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done ~ 0 1 2",
                "i=0; until [ $i = 2 ]; do i=$((i+1)); done; echo $i ~ 2",
                "for i in a 'b c'; do echo $i; done                 ~ a b_c",
                "for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done ~ 1 3",
                "for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done ~ 1a 2a",
                "for i in 1 2; do for j in a b; do break 2; done; done; echo $i$j ~ 1a",
                "while :; do break; done; echo $?                   ~ 0",
                "case ab in a?) echo 1;; *) echo 2;; esac           ~ 1",
                "case x in a|b) echo 1;; esac; echo $?              ~ 0",
                "x='a*'; case 'a*' in \"$x\") echo same;; esac      ~ same",
                "{ echo a; echo b; } | sort -r                      ~ b a",
                "(x=2; cd /tmp; pwd); echo [$x]; pwd                ~ /tmp [] /",
                "(exit 5); echo $?                                  ~ 5",
                "echo $(echo a; echo b) \"$(echo c; echo)\"         ~ a_b_c",
                "x=$(false); echo $?; x=$(exit 3)y; echo $?$x       ~ 1 3y",
                "echo `echo \\`echo nested\\``                      ~ nested",
                "echo a >/tmp/f; echo b >>/tmp/f; cat </tmp/f       ~ a b",
                "cat nofile 2>/tmp/e; cat /tmp/e                    ~ cat:_nofile:_No_such_file_or_directory",
                "{ echo o; echo e >&2; } >/tmp/f 2>&1; cat /tmp/f   ~ o e",
                "echo x >/tmp/f 2>&1 | cat; cat /tmp/f              ~ x",
                "exec 3>/tmp/f; echo a >&3; echo b >&3; exec 3>&-; cat /tmp/f ~ a b",
                "f() { echo $1 $#; return 4; }; f x y; echo $?      ~ x_2 4",
                "f() { g; echo f; }; g() { echo g; }; f             ~ g f",
                "f() { x=in; }; x=out; f; echo $x                   ~ in",
                "f() { for i in 1 2; do return 3; done; }; for j in a; do f; echo $?; done ~ 3",
                "set -- a 'b c'; echo $# $2; shift; echo $1         ~ 2_b_c b_c",
                "echo a b c | { read x y; echo $y; }                ~ b_c",
                "printf_is_missing 2>/dev/null; echo $?             ~ 127",
                "read x </etc/motd; echo $x; read x </dev/null; echo $? ~ hello 1",
                "cat /etc/motd | while read l; do echo [$l]; done   ~ [hello] [world]",
                "echo 'a\\b' | { read -r x; echo $x; }              ~ a\\b",
                "IFS=: read a b <<E\\nx:y z\\nE\\necho $a-$b           ~ x-y_z",
                "cat <<E | sort -r\\n1$((1+1))\\n$(echo 3)\\nE         ~ 3 12",
                "cat <<'E'\\n$x\\nE                                   ~ $x",
                "eval 'x=5; echo $x'; echo $x                       ~ 5 5",
                "false; eval 'echo $?'                              ~ 1",
                "cd /etc && echo * && cd - && pwd                   ~ motd / /",
                "echo /e*/m* /b*/sor?                               ~ /etc/motd_/bin/sort",
                "sleep 5 & wait $!; echo $?                         ~ 0",
                "sh -c 'exit 9' & wait %1; echo $?                  ~ 9",
                "true & false & wait; echo $?                       ~ 0",
                "type cd sort for; which sort                       ~ cd_is_a_shell_builtin sort_is_/bin/sort for_is_a_shell_keyword /bin/sort",
                "exec echo replaced; echo never                     ~ replaced",
                "echo ${x:-d}; x=; echo ${x:-e}; echo ${x-f}        ~ d e ``",
                "echo a \\\\nb                                       ~ a_b",
                "die-SEGV 2>/dev/null; echo $?                      ~ 139",
                "die-PIPE | cat; echo $?                            ~ 0",
                "trap_is_no_builtin 2>/dev/null || echo fallback    ~ fallback",
                "set -e; if false; then :; fi; false || :; ! true; echo on; false; echo off ~ on",
                "echo $0 $1 $#                                      ~ sh_0",
                "echo $PPID                                         ~ 1",
                "time true 2>/dev/null; echo $?                     ~ 0",
            })
    void scriptsPrint(String script, String out) {
        FakeKernel.Result result = sh(script.strip().replace("\\n", "\n"));
        String lines = result.out().strip().replace(' ', '_').replace('\n', ' ');
        assertThat(lines).isEqualTo(out.replace("``", "").strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "nope                      ~ 127 ~ sh: nope: not found",
                "./nope                    ~ 127 ~ sh: ./nope: not found",
                "/etc                      ~ 126 ~ sh: /etc: Permission denied",
                "/etc/motd                 ~ 126 ~ sh: /etc/motd: Permission denied",
                "cd /nope                  ~ 1   ~ sh: cd: /nope: No such file or directory",
                "cat < /nope               ~ 1   ~ sh: /nope: No such file or directory",
                "echo a > /etc; exit $?    ~ 1   ~ sh: /etc: Is a directory",
                "echo a >&7                ~ 1   ~ sh: 7: Bad file descriptor",
                "echo a >&x                ~ 1   ~ sh: x: ambiguous redirect",
                ": > /nope/x               ~ 1   ~ sh: /nope/x: No such file or directory",
                "exit 300                  ~ 44  ~ ``",
                "exit abc                  ~ 2   ~ sh: exit: abc: numeric argument required",
                "false                     ~ 1   ~ ``",
                "if                        ~ 2   ~ sh: syntax error near end of file: line 1",
                "echo ok\\nfi              ~ 2   ~ sh: syntax error near 'fi': line 2",
                "echo 'open                ~ 2   ~ sh: syntax error near end of file, looking for a single quote: line 1",
                "cat <<E                   ~ 2   ~ sh: syntax error near here-document, which lacks its 'E': line 1",
                "echo $((1/0)); echo no    ~ 2   ~ sh: 1/0: arithmetic division by zero",
                "echo ${x?gone}; echo no   ~ 2   ~ sh: x: gone",
                "set -u; echo $x; echo no  ~ 2   ~ sh: x: parameter not set",
                "die-SEGV                  ~ 139 ~ Segmentation fault",
                "die-KILL                  ~ 137 ~ Killed",
                "die-INT                   ~ 130 ~ ``",
                "die-PIPE                  ~ 141 ~ ``",
                "die-SEGV | cat            ~ 0   ~ Segmentation fault",
                "set -x; echo 'a b' $0     ~ 0   ~ + echo 'a b' sh",
                "set -z                    ~ 2   ~ sh: set: -z: invalid option",
                "kill %3                   ~ 1   ~ sh: kill: %3: no such job",
                "fg                        ~ 1   ~ sh: fg: no current job",
                "wait 99                   ~ 127 ~ sh: wait: pid 99 is not a child of this shell",
                "export 1=2                ~ 2   ~ sh: export: '1=2': not a valid identifier",
                "f() { f; }; f             ~ 2   ~ sh: maximum function nesting level exceeded (256)",
            })
    void scriptsComplain(String script, int status, String err) {
        FakeKernel.Result result = sh(script.strip().replace("\\n", "\n"));
        assertThat(result.err()).isEqualTo(err.isEmpty() ? "" : err + "\n");
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.out()).doesNotContain("no");
    }

    @Test
    void commandsComeFromAFileWithItsArguments() {
        kernel.file("/tmp/script", "echo $0 $# \"$2\"\nexit 3\n");
        assertThat(kernel.run("/bin/sh", "/tmp/script", "a", "b c"))
                .isEqualTo(new FakeKernel.Result(3, "/tmp/script 2 b c\n", ""));
        assertThat(kernel.run("/bin/sh", "/nope"))
                .isEqualTo(new FakeKernel.Result(127, "", "sh: /nope: No such file or directory\n"));
    }

    @Test
    void aFileThatIsNoProgramIsAScript() {
        kernel.files().script("/bin/hello", "echo script $1\n");
        assertThat(sh("hello there; echo $?").out()).isEqualTo("script there\n0\n");
    }

    @Test
    void argumentsBehindTheCommandStringAreItsParameters() {
        assertThat(kernel.run("/bin/sh", "-c", "echo $0 $1", "name", "one").out())
                .isEqualTo("name one\n");
        assertThat(kernel.run("/bin/sh", "-ec", "false; echo no").out()).isEmpty();
    }

    @Test
    void whatFollowsOnTheStandardInputBelongsToTheCommands() {
        String script = "read x\nfor the read\necho got $x\nhead -n 1\nfor head\necho end\n";
        assertThat(kernel.runWithInput(script, "/bin/sh").out()).startsWith("got for the read\nfor head\n");
        kernel.file("/tmp/script", script);
        assertThat(sh("sh < /tmp/script").out()).isEqualTo("got for the read\nfor head\nend\n");
    }

    @Test
    void aSourcedFileChangesThisShell() {
        kernel.file("/tmp/lib", "x=sourced\nargument=$1\nreturn 4\necho never\n");
        assertThat(sh(". /tmp/lib a; echo $? $x $argument $#").out()).isEqualTo("4 sourced a 0\n");
        assertThat(sh(". /nope").err()).isEqualTo("sh: /nope: No such file or directory\n");
    }

    @Test
    void aLongHereDocumentIsWrittenByAChild() {
        String line = "0123456789".repeat(100);
        assertThat(sh("wc -c <<E\n" + (line + "\n").repeat(50) + "E\n").out()).isEqualTo("50050\n");
    }

    @Test
    void outputOfBuiltinsThatCannotBeWrittenIsAFailure() {
        kernel.inject(SystemCallNumber.WRITE, -Errno.ENOSPC);
        FakeKernel.Result result = sh("type cd");
        assertThat(result).isEqualTo(new FakeKernel.Result(1, "", "sh: write error: No space left on device\n"));
    }

    @Test
    void aForkThatFailsEndsAScript() {
        kernel.inject(SystemCallNumber.FORK, -Errno.EAGAIN);
        assertThat(sh("cat; echo no"))
                .isEqualTo(new FakeKernel.Result(1, "", "sh: fork: Resource temporarily unavailable\n"));
    }

    @Test
    void everyRoundOfALoopEntersTheKernel() {
        kernel.program("/bin/sh-calls", new Crt(() -> (_, _) -> 0));
        FakeKernel.Result result = sh("i=0; while i=$((i+1)); do case $i in 5) break;; esac; done; echo $i");
        assertThat(result.out()).isEqualTo("5\n");
        assertThat(kernel.count(SystemCallNumber.SCHED_YIELD)).isEqualTo(5);
    }

    @Test
    void helpListsBuiltinsAndPrograms() {
        kernel.program("/sbin/insmod", new Crt(() -> (_, _) -> 0));
        assertThat(sh("help").out())
                .contains("  cd        [DIRECTORY]: change the current directory\n")
                .contains("  true      Do nothing, successfully.\n")
                .contains("  insmod\n");
        assertThat(sh("help cd").out()).contains("  cd ").doesNotContain("  true ");
    }

    private FakeKernel.Result sh(String script) {
        return kernel.run("/bin/sh", "-c", script);
    }
}
