// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.ENOEXEC;
import static kernel.uapi.FileMode.S_IFREG;

import java.util.concurrent.ConcurrentHashMap;
import kernel.core.fs.ExecutableTable;
import kernel.core.fs.NameSpace.ExecutableLookup;
import kernel.uapi.Executable;

/**
 * The programs that bundles brought along, as files. The file of a program says in its first line which one it is, as a
 * script says what interprets it (Linux: fs/binfmt_script.c); so a program can be copied, renamed, linked and overwritten as
 * any file. Listens on any thread.
 */
final class ProgramFiles implements ExecutableTable.Listener {
    private static final String MAGIC = "#!ubend-program ";
    private static final int MODE = S_IFREG | 0755;
    /** As much of a file as exec looks at (Linux: BINPRM_BUF_SIZE). */
    static final int HEAD_BYTES = 256;

    private final FileTree tree;
    private final FileSystem fileSystem;
    private final KernelNames names;
    private final ConcurrentHashMap<String, Program> programs = new ConcurrentHashMap<>();

    private record Program(Executable executable, RegularFile file) {}

    ProgramFiles(FileTree tree, FileSystem fileSystem) {
        this.tree = tree;
        this.fileSystem = fileSystem;
        this.names = new KernelNames(tree);
    }

    /** Makes the file; a file that already has the path stays, and the program is found by links and copies only. */
    @Override
    public void added(String path, Executable executable) {
        RegularFile file = new RegularFile(tree.host(), fileSystem, new Inode.Birth(MODE, 0, 0, tree.now()));
        file.fill((MAGIC + path + "\n").getBytes(UTF_8));
        programs.put(path, new Program(executable, file));
        Dentry parent = names.directories(tree.root().dentry(), path);
        if (parent != null) {
            tree.makeForKernel(parent, path.substring(path.lastIndexOf('/') + 1), file);
        }
    }

    /** Takes the file away, if it is still there; whoever runs the program goes on. */
    @Override
    public void removed(String path) {
        Program program = programs.remove(path);
        if (program != null) {
            names.remove(tree.root().dentry(), path, program.file());
        }
    }

    /** What to run for a file that begins like that: ENOEXEC where it is no program, ENOENT where the program has gone. */
    ExecutableLookup find(byte[] head) {
        int end = 0;
        while (end < head.length && head[end] != '\n') {
            end++;
        }
        int start = MAGIC.length();
        if (end <= start || !new String(head, 0, start, ISO_8859_1).equals(MAGIC)) {
            return new ExecutableLookup(ENOEXEC, null);
        }
        Program program = programs.get(new String(head, start, end - start, UTF_8));
        return program == null ? new ExecutableLookup(ENOENT, null) : new ExecutableLookup(0, program.executable());
    }
}
