// SPDX-License-Identifier: Apache-2.0
package shell.text;

import static kernel.uapi.Errno.EAGAIN;
import static kernel.uapi.Errno.ERESTARTSYS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import kernel.core.trace.TraceEvent;
import kernel.core.trace.TraceRecord;
import kernel.uapi.Signal;
import kernel.uapi.SystemCallNumber;
import org.junit.jupiter.api.Test;

/** The lines of strace. */
class CallListTest {
    private final List<String> lines = new ArrayList<>();

    @Test
    void aCallIsALineWithItsResultInColumnForty() {
        list(false, false, Events.readEntered(), Events.readReturned(7));
        assertThat(lines).containsExactly("read(3, \"21.500\\n\", 4096)               = 7");
    }

    @Test
    void anErrorHasItsNameAndItsText() {
        list(false, false, Events.readEntered(), Events.readReturned(-EAGAIN));
        assertThat(lines)
                .containsExactly(
                        "read(3, 0x1000, 4096)                   = -1 EAGAIN (Resource temporarily unavailable)");
    }

    @Test
    void aCallThatASignalInterruptedSaysSo() {
        list(false, false, Events.readEntered(), Events.readReturned(-ERESTARTSYS));
        assertThat(lines.getFirst()).endsWith("= ? ERESTARTSYS (To be restarted if SA_RESTART is set)");
    }

    @Test
    void withTimeTheLineEndsWithIt() {
        list(false, true, Events.readEntered(), Events.readReturned(7));
        assertThat(lines.getFirst()).endsWith("= 7 <0.011000>");
    }

    @Test
    void addressesAreHexadecimal() {
        list(
                false,
                false,
                Events.enter(0, 5, SystemCallNumber.BRK, "NULL"),
                Events.exit(1, 5, SystemCallNumber.BRK, 0x555000, ""));
        assertThat(lines.getFirst()).endsWith("= 0x555000");
    }

    @Test
    void theEndOfTheProcessIsSaid() {
        list(
                false,
                false,
                Events.enter(0, 5, SystemCallNumber.EXIT_GROUP, "3"),
                Events.event(1, 5, TraceEvent.EXIT, 5, 3 << 8, "head"));
        assertThat(lines).containsExactly("exit_group(3)                           = ?", "+++ exited with 3 +++");
    }

    @Test
    void aSignalThatKillsIsNamed() {
        list(
                false,
                false,
                Events.readEntered(),
                new TraceRecord(2, 1, 9, "kill", "...0", TraceEvent.SIGNAL, Signal.SIGTERM, 5, "TERM"),
                Events.event(3, 5, TraceEvent.EXIT, 5, Signal.SIGTERM, "head"));
        assertThat(lines)
                .containsExactly(
                        "--- SIGTERM {si_signo=SIGTERM, si_pid=9} ---",
                        "read(3, 0x1000, 4096)                   = ?",
                        "+++ killed by SIGTERM +++");
    }

    @Test
    void childrenAreFollowedIfWanted() {
        TraceRecord[] events = {
            Events.event(0, 5, TraceEvent.FORK, 6, 0, "head"),
            Events.enter(1, 6, SystemCallNumber.GETPID, ""),
            Events.exit(2, 6, SystemCallNumber.GETPID, 6, "")
        };
        list(false, false, events);
        assertThat(lines).isEmpty();
        list(true, false, events);
        assertThat(lines)
                .containsExactly(
                        "strace: Process 6 attached", "[pid     6] getpid()                                = 6");
    }

    @Test
    void onlyWantedCallsAreShown() {
        CallList list = new CallList(5, false, name -> name.equals("write"), false, lines::add);
        list.add(Events.readEntered());
        list.add(Events.readReturned(7));
        assertThat(lines).isEmpty();
    }

    @Test
    void theSummaryCountsCallsErrorsAndTime() {
        CallList list = list(
                false,
                false,
                Events.readEntered(),
                Events.readReturned(7),
                Events.readEntered(),
                Events.readReturned(-EAGAIN),
                Events.enter(0, 5, SystemCallNumber.CLOSE, "3"),
                Events.exit(1_000, 5, SystemCallNumber.CLOSE, 0, ""));
        assertThat(list.summary()).isEqualTo("""
                        % time     seconds  usecs/call     calls    errors syscall
                        ------ ----------- ----------- --------- --------- ----------------
                        100.00    0.022000       11000         2         1 read
                          0.00    0.000001           1         1           close
                        ------ ----------- ----------- --------- --------- ----------------
                        100.00    0.022001        7333         3         1 total
                        """);
    }

    @Test
    void whatHappensBeforeExecIsNotTheProgram() {
        CallList list = new CallList(5, false, name -> true, false, lines::add);
        list.add(Events.readEntered());
        list.add(Events.readReturned(7));
        list.add(Events.enter(0, 5, SystemCallNumber.EXECVE, "\"/bin/true\""));
        list.add(Events.exit(0, 5, SystemCallNumber.EXECVE, -2, ""));
        assertThat(lines).isEmpty();
        list.add(Events.enter(0, 5, SystemCallNumber.EXECVE, "\"/bin/head\""));
        list.add(Events.exit(0, 5, SystemCallNumber.EXECVE, 0, ""));
        assertThat(lines).containsExactly("execve(\"/bin/head\")                     = 0");
    }

    /** A list of a program that has been started. */
    private CallList list(boolean follow, boolean withTime, TraceRecord... events) {
        CallList list = new CallList(5, follow, name -> !name.equals("execve"), withTime, lines::add);
        list.add(Events.enter(0, 5, SystemCallNumber.EXECVE, ""));
        list.add(Events.exit(0, 5, SystemCallNumber.EXECVE, 0, ""));
        Stream.of(events).forEach(list::add);
        return list;
    }
}
