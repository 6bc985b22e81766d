// SPDX-License-Identifier: Apache-2.0
package shell.session;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import kernel.uapi.Errno;

/** What is wrong with a file of the host, in the words that Unix has for it. */
final class HostFiles {
    private HostFiles() {}

    static String reason(IOException exception) {
        return switch (exception) {
            case NoSuchFileException _ -> Errno.text(Errno.ENOENT);
            case AccessDeniedException _ -> Errno.text(Errno.EACCES);
            case FileSystemException file when file.getReason() != null -> file.getReason();
            default -> String.valueOf(exception.getMessage());
        };
    }
}
