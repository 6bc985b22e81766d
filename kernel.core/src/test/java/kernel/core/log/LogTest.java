// SPDX-License-Identifier: Apache-2.0
package kernel.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Does the log keep what was said, in order, until it is full? */
final class LogTest {
    private final List<String> traced = new ArrayList<>();
    private final Log log = new Log(7, () -> 1_234_567_890L, (level, text) -> traced.add(level + " " + text));

    @Test
    void linesHaveTheMachinesTime() {
        log.print(LogLevel.INFO, "hello");
        assertThat(log.text()).isEqualTo("[    1.234567] hello\n");
        assertThat(new LogEntry(0, 6, 123_456_000_001_000L, "late").line()).isEqualTo("[123456.000001] late");
    }

    @Test
    void aMessageOfSeveralLinesIsSeveralMessages() {
        log.print(LogLevel.ERR, "one\ntwo\n");
        assertThat(log.entries()).extracting(LogEntry::text).containsExactly("one", "two");
        assertThat(log.entries()).extracting(LogEntry::sequence).containsExactly(0L, 1L);
        assertThat(traced).containsExactly("3 one", "3 two");
    }

    @Test
    void theOldestLinesGoWhenTheRingIsFull() {
        for (int i = 0; i < Log.CAPACITY + 10; i++) {
            log.print(LogLevel.INFO, "line " + i);
        }
        assertThat(log.dropped()).isEqualTo(10);
        assertThat(log.entries()).hasSize(Log.CAPACITY);
        assertThat(log.entries().getFirst().text()).isEqualTo("line 10");
        assertThat(log.firstSequence()).isEqualTo(10);
        assertThat(log.entryAt(3).text()).isEqualTo("line 10");
        assertThat(log.entryAt(Log.CAPACITY + 10)).isNull();
    }

    @Test
    void consolesGetWhatIsImportantEnough() {
        List<String> shown = new ArrayList<>();
        LogListener console = entry -> shown.add(entry.text());
        log.listen(console);
        log.print(LogLevel.DEBUG, "debug");
        log.print(LogLevel.INFO, "info");
        log.setConsoleLevel(4);
        log.print(LogLevel.WARNING, "warning");
        log.print(LogLevel.ERR, "error");
        log.unlisten(console);
        log.print(LogLevel.EMERG, "emergency");
        assertThat(shown).containsExactly("info", "error");
    }

    @Test
    void clearHidesFromDmesgOnly() {
        log.print(LogLevel.INFO, "before");
        log.clear();
        log.print(LogLevel.INFO, "after");
        assertThat(log.visibleEntries()).extracting(LogEntry::text).containsExactly("after");
        assertThat(log.entries()).hasSize(2);
        assertThat(log.clearedSequence()).isEqualTo(1);
    }

    @Test
    void devicesHaveTheirNamesBeforeTheirMessages() {
        log.withPrefix("tempsensor tempsensor0").warn("too hot");
        log.withPrefix("").info("plain");
        log.withPrefix("x").error("e");
        log.withPrefix("x").notice("n");
        log.withPrefix("x").debug("d");
        assertThat(log.entries())
                .extracting(entry -> entry.level() + " " + entry.text())
                .containsExactly("4 tempsensor tempsensor0: too hot", "6 plain", "3 x: e", "5 x: n", "7 x: d");
    }
}
