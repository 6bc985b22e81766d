// SPDX-License-Identifier: Apache-2.0
package shell.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import kernel.core.Kernel;
import kernel.core.console.ConsolePort;
import kernel.core.control.SessionControl;
import kernel.core.control.SessionControl.ProgramRun;
import kernel.core.log.LogEntry;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.TerminalBuilder;
import org.osgi.framework.BundleContext;

/** A terminal with somebody at it: line editing, history, completion. */
final class EditingTerminal implements Terminal, ConsolePort {
    private final Kernel kernel;
    private final org.jline.terminal.Terminal terminal;
    private final LineReader reader;
    private final Completion completion;
    private final ExecutorService readerThread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("ubend-terminal").factory());
    private volatile boolean reading;
    private volatile String askedFor;

    private EditingTerminal(Kernel kernel, org.jline.terminal.Terminal terminal, Completion completion) {
        this.kernel = kernel;
        this.terminal = terminal;
        this.completion = completion;
        DefaultParser words = new DefaultParser();
        // What a line means the shell in the machine decides: here quotes and backslashes are letters.
        words.setEofOnUnclosedQuote(false);
        words.setEofOnEscapedNewLine(false);
        words.setEscapeChars(null);
        reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("ubend")
                .parser(words)
                .completer((line, word, candidates) -> completion.complete(word.line(), word.word(), candidates))
                .variable(LineReader.HISTORY_FILE, historyFile())
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, "")
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
                .build();
    }

    static EditingTerminal connect(Kernel kernel, SessionControl sessions, BundleContext context) {
        try {
            org.jline.terminal.Terminal terminal =
                    TerminalBuilder.builder().system(true).name("ubend").build();
            EditingTerminal editing = new EditingTerminal(kernel, terminal, new Completion(kernel, sessions, context));
            terminal.handle(org.jline.terminal.Terminal.Signal.INT, signal -> editing.interrupt());
            kernel.console().connect(editing);
            return editing;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path historyFile() {
        String state = System.getenv("XDG_STATE_HOME");
        Path home = Path.of(System.getProperty("user.home"));
        Path file = state == null || state.isBlank()
                ? home.resolve(".ubend_history")
                : Path.of(state).resolve("ubend").resolve("history");
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException _) {
            // Then there is no history: the reader says so itself.
        }
        return file;
    }

    @Override
    public List<String> files() {
        return List.of("", "", "");
    }

    @Override
    public void started(ProgramRun program) {
        completion.setShell(program.pid());
    }

    @Override
    public void log(LogEntry entry) {
        write((entry.line() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void interrupt() {
        kernel.console().interrupt();
    }

    /** What is said while somebody types goes above his line. */
    @Override
    public void write(byte[] bytes) {
        if (reading) {
            reader.printAbove(new String(bytes, StandardCharsets.UTF_8));
            return;
        }
        try {
            terminal.output().write(bytes);
            terminal.output().flush();
        } catch (IOException _) {
            // Nobody looks any more.
        }
    }

    @Override
    public void requestLine(String prompt) {
        askedFor = prompt;
        if (!kernel.config().isDeterministic()) {
            readerThread.execute(this::answer);
        }
    }

    @Override
    public boolean isAsked() {
        return askedFor != null;
    }

    @Override
    public boolean answer() {
        String prompt = askedFor;
        if (prompt == null) {
            return false;
        }
        askedFor = null;
        reading = true;
        try {
            String line = reader.readLine(prompt);
            reading = false;
            kernel.console().line(line.getBytes(StandardCharsets.UTF_8));
        } catch (UserInterruptException _) {
            reading = false;
            kernel.console().interrupt();
        } catch (EndOfFileException _) {
            reading = false;
            kernel.console().endOfInput();
        }
        return true;
    }

    @Override
    public String ask(String question) {
        try {
            return reader.readLine(question);
        } catch (UserInterruptException | EndOfFileException _) {
            return null;
        }
    }

    @Override
    public int columns() {
        return terminal.getWidth() > 0 ? terminal.getWidth() : 80;
    }

    @Override
    public int rows() {
        return terminal.getHeight() > 0 ? terminal.getHeight() : 24;
    }

    @Override
    public void close() {
        readerThread.shutdown();
        try {
            reader.getHistory().save();
            terminal.close();
        } catch (IOException _) {
            // The history of this session is lost.
        }
    }
}
