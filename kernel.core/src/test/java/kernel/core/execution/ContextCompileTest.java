// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import javax.tools.Diagnostic;
import org.junit.jupiter.api.Test;

/** The classic mistakes of drivers do not compile, and what is right instead does. */
class ContextCompileTest {
    private static void assertRefused(String wrong, String right, String where) {
        Snippet snippet = new Snippet(wrong);
        List<? extends Diagnostic<?>> errors = snippet.errors();
        assertThat(errors).as("errors of:\n%s", wrong).hasSize(1);
        Diagnostic<?> error = errors.getFirst();
        assertThat(error.getLineNumber()).as(error.toString()).isEqualTo(snippet.lineOf(where));
        String line =
                wrong.lines().filter(text -> text.contains(where)).findFirst().orElseThrow();
        assertThat(error.getColumnNumber())
                .as("the column of '%s' in '%s'", where, line)
                .isBetween(line.indexOf(where) + 1L, line.indexOf(where) + (long) where.length());
        assertThat(error.getMessage(java.util.Locale.ROOT))
                .contains("cannot be converted to kernel.api.context.ProcessContext");
        assertThat(new Snippet(right).errors()).as("errors of:\n%s", right).isEmpty();
    }

    @Test
    void aHandlerCannotWait() {
        assertRefused("""
                WaitQueue queue; boolean done;
                InterruptResult handle(InterruptContext context) {
                    queue.waitEvent(context, () -> done);
                    return InterruptResult.HANDLED;
                }
                """, """
                WaitQueue queue; boolean done;
                InterruptResult handle(InterruptContext context) {
                    done = true;
                    queue.wakeUp(context);
                    return InterruptResult.HANDLED;
                }
                """, "context, () -> done");
    }

    @Test
    void aHandlerCannotSleep() {
        // msleep is a method of a process context; a handler has none to call it on, nor to pass on.
        Snippet wrong = new Snippet("""
                InterruptResult handle(InterruptContext context) {
                    context.sleep(1_000_000);
                    return InterruptResult.HANDLED;
                }
                """);
        List<? extends Diagnostic<?>> errors = wrong.errors();
        assertThat(errors).hasSize(1);
        assertThat(errors.getFirst().getLineNumber()).isEqualTo(wrong.lineOf("context.sleep"));
        assertThat(errors.getFirst().getMessage(java.util.Locale.ROOT)).contains("cannot find symbol", "sleep");
        assertThat(new Snippet("""
                                KernelTimer timer;
                                InterruptResult handle(InterruptContext context) {
                                    timer.arm(context, 1_000_000);
                                    return InterruptResult.HANDLED;
                                }
                                """).errors()).isEmpty();
    }

    @Test
    void aHandlerCannotHandItsContextToWhatSleeps() {
        assertRefused("""
                void refill(ProcessContext context) { context.sleep(10); }
                InterruptResult handle(InterruptContext context) {
                    refill(context);
                    return InterruptResult.HANDLED;
                }
                """, """
                Work work;
                void refill(ProcessContext context) { context.sleep(10); }
                InterruptResult handle(InterruptContext context) {
                    work.queue(context);
                    return InterruptResult.HANDLED;
                }
                """, "context);");
    }

    @Test
    void aTaskletCannotTouchUserMemory() {
        Snippet wrong = new Snippet("""
                UserBuffer buffer; byte[] data = new byte[8];
                void run(SoftirqContext context) {
                    context.copyToUser(buffer, 0, data, 0, 8);
                }
                """);
        List<? extends Diagnostic<?>> errors = wrong.errors();
        assertThat(errors).hasSize(1);
        assertThat(errors.getFirst().getLineNumber()).isEqualTo(wrong.lineOf("context.copyToUser"));
        assertThat(errors.getFirst().getMessage(java.util.Locale.ROOT)).contains("cannot find symbol", "copyToUser");
        assertThat(new Snippet("""
                                UserBuffer buffer; byte[] data = new byte[8];
                                long read(ProcessContext context) {
                                    return context.copyToUser(buffer, 0, data, 0, 8);
                                }
                                """).errors()).isEmpty();
    }

    @Test
    void aTaskletCannotLockAMutex() {
        assertRefused("""
                Mutex mutex;
                void run(SoftirqContext softirq) {
                    mutex.lock(softirq);
                }
                """, """
                SpinLock lock;
                void run(SoftirqContext softirq) {
                    lock.lock(softirq);
                    lock.unlock(softirq);
                }
                """, "softirq);");
    }

    @Test
    void aTimerCannotFlushWork() {
        assertRefused("""
                Work work;
                void run(SoftirqContext softirq) {
                    work.flush(softirq);
                }
                """, """
                Work work;
                void run(SoftirqContext softirq) {
                    work.queue(softirq);
                }
                """, "softirq);");
    }
}
