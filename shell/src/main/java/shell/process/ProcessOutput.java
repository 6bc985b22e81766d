// SPDX-License-Identifier: Apache-2.0
package shell.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Text to a descriptor: written out with each line when that is a terminal, else when enough has gathered, and at the end. */
public final class ProcessOutput {
    private static final int ENOUGH_BYTES = 4096;

    private final ToolProcess process;
    private final int fd;
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
    private Boolean terminal;

    ProcessOutput(ToolProcess process, int fd) {
        this.process = process;
        this.fd = fd;
    }

    public void print(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        gathered.write(bytes, 0, bytes.length);
        if (gathered.size() >= ENOUGH_BYTES || fd == 2 || (text.indexOf('\n') >= 0 && isTerminal())) {
            flush();
        }
    }

    public void println(String line) {
        print(line + "\n");
    }

    private boolean isTerminal() {
        if (terminal == null) {
            terminal = process.isTerminal(fd);
        }
        return terminal;
    }

    /** Errors are ignored, as are those of a shell that says goodbye: who reads has gone. */
    public void flush() {
        if (gathered.size() > 0) {
            byte[] bytes = gathered.toByteArray();
            gathered.reset();
            process.write(fd, bytes, bytes.length);
        }
    }
}
