// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.*;
import static kernel.uapi.OpenFlags.*;
import static kernel.uapi.SystemCallNumber.*;
import static org.assertj.core.api.Assertions.assertThat;

import kernel.core.fs.NameSpace.ExecutableLookup;
import kernel.uapi.Executable;
import kernel.uapi.FileMode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Is a program a file like any other, and does exec find it by each of its names? */
class ProgramFilesTest {
    private final FakeHost host = FakeHost.booted();
    private final FakeProcess root = host.root();
    private final Executable cat = (processor, stackPointer) -> {};

    @BeforeEach
    void install() {
        host.executables.register("/bin/cat", cat);
    }

    private ExecutableLookup find(FakeProcess process, String path) {
        return host.nameSpace.executable(process, path);
    }

    private void assertIsCat(String path) {
        assertThat(find(root, path)).isEqualTo(new ExecutableLookup(0, cat));
    }

    private void assertFails(int errno, String path) {
        assertThat(find(root, path)).isEqualTo(new ExecutableLookup(errno, null));
    }

    @Test
    void aProgramIsAReadableFileThatAnybodyMayExecute() {
        assertThat(root.stat("/bin/cat").mode()).isEqualTo(FileMode.S_IFREG | 0755);
        assertThat(root.content("/bin/cat")).isEqualTo("#!ubend-program /bin/cat\n");
        assertIsCat("/bin/cat");
        assertThat(find(host.process(2, 1000), "../bin/./cat").program()).isSameAs(cat);
    }

    @Test
    void programsThatWereThereBeforeTheBootAreFilesToo() {
        FakeHost other = new FakeHost();
        other.executables.register("/usr/local/bin/tool", cat);
        VirtualFileSystem.mountRoot(other);
        assertThat(other.nameSpace
                        .executable(other.root(), "/usr/local/bin/tool")
                        .program())
                .isSameAs(cat);
    }

    @Test
    void linksCopiesAndNewNamesLeadToTheProgram() {
        root.symlink("/bin/cat", "/tmp/link");
        root.call(LINK, "/bin/cat", "/bin/tac");
        root.make("/tmp/copy", root.content("/bin/cat"));
        root.call(CHMOD, "/tmp/copy", 0755);
        assertIsCat("/tmp/link");
        assertIsCat("/bin/tac");
        assertIsCat("/tmp/copy");
        root.rename("/bin/cat", "/sbin/kitten");
        assertIsCat("/sbin/kitten");
        assertFails(ENOENT, "/bin/cat");
    }

    @Test
    void whatCannotBeExecutedSaysWhy() {
        root.make("/tmp/text", "hello");
        root.make("/tmp/empty", "");
        root.make("/tmp/script", "#!/bin/sh\n");
        root.make("/tmp/lost", "#!ubend-program /bin/lost\n");
        root.make("/tmp/endless", "#!ubend-program " + "x".repeat(10_000));
        for (String path : new String[] {"/tmp/empty", "/tmp/script", "/tmp/lost", "/tmp/endless"}) {
            assertFails(EACCES, path);
            root.call(CHMOD, path, 0755);
        }
        assertFails(EACCES, "/tmp/text");
        assertFails(ENOEXEC, "/tmp/empty");
        assertFails(ENOEXEC, "/tmp/script");
        assertFails(ENOENT, "/tmp/lost");
        assertFails(ENOENT, "/tmp/endless");
        assertFails(EACCES, "/tmp");
        assertFails(ENOENT, "/tmp/nowhere");
        assertFails(ENOENT, "");
        assertFails(ENOTDIR, "/bin/cat/x");
        root.call(CHMOD, "/bin/cat", 0700);
        assertThat(find(host.process(2, 1000), "/bin/cat").errno()).isEqualTo(EACCES);
        root.call(CHMOD, "/bin/cat", 0644);
        assertFails(EACCES, "/bin/cat");
    }

    @Test
    void aProgramGoesWithItsBundle() {
        root.symlink("/bin/cat", "/tmp/link");
        root.call(LINK, "/bin/cat", "/bin/tac");
        host.executables.unregister("/bin/cat", cat);
        assertFails(ENOENT, "/bin/cat");
        assertFails(ENOENT, "/tmp/link");
        assertFails(ENOENT, "/bin/tac");
        assertThat(root.list("/bin")).containsExactly("tac");
        Executable newer = (processor, stackPointer) -> {};
        host.executables.register("/bin/cat", newer);
        assertThat(find(root, "/bin/cat").program()).isSameAs(newer);
        assertThat(find(root, "/bin/tac").program()).isSameAs(newer);
    }

    @Test
    void whatTookTheNameOfAProgramStays() {
        root.call(UNLINK, "/bin/cat");
        root.make("/bin/cat", "mine");
        host.executables.unregister("/bin/cat", cat);
        assertThat(root.content("/bin/cat")).isEqualTo("mine");
    }

    @Test
    void theKernelOpensFilesForItsProcesses() {
        long fd = host.nameSpace.open(root, "/tmp/log", O_CREAT | O_WRONLY, 0666);
        assertThat(root.write(fd, "booted")).isEqualTo(6);
        assertThat(host.nameSpace.open(root, "/tmp/nowhere", O_RDONLY, 0)).isEqualTo(-ENOENT);
        assertThat(root.content("/tmp/log")).isEqualTo("booted");
    }
}
