// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.OpenFlags.*;
import static kernel.uapi.SystemCallNumber.*;
import static kernel.vfs.FakeProcess.BUFFER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import kernel.core.fs.ProcTable;
import org.junit.jupiter.api.Test;

/**
 * Is no host lock held where the machine may switch? A copy, a trace, a wake-up, a driver and a mutex all may: were a lock held over
 * one, the next process to want it would stop the whole deterministic machine.
 */
class LockRulesTest {
    private final FakeHost host = FakeHost.booted();
    private final FakeProcess root = host.root();

    @Test
    void noLockIsHeldOverACopyATraceAWakeUpOrADriver() {
        host.devices.plugIn(FakeDevices.characterDevice("null", 1, 3), new NullDriver());
        host.procTable.create("text", () -> {
            host.lockRules.check();
            return "text";
        });
        host.procTable.setProcesses(new CheckingProcesses());
        host.lockRules.enabled = true;

        names();
        contents();
        pipes();
        assertThat(root.list("/proc")).contains("text", "1");
        assertThat(root.content("/proc/self/comm")).isEqualTo("comm");
        long device = root.open("/dev/null", O_RDWR);
        root.close(device);

        assertThat(host.lockRules.checks).isGreaterThan(100);
    }

    @Test
    void aLockThatIsHeldIsFound() {
        host.lockRules.enabled = true;
        synchronized (this) {
            assertThatThrownBy(host.lockRules::check).hasMessageContaining("a host lock is held");
        }
    }

    private void names() {
        root.mkdir("/tmp/a");
        root.make("/tmp/a/file", "content");
        root.call(LINK, "/tmp/a/file", "/tmp/a/other");
        root.symlink("file", "/tmp/a/link");
        root.rename("/tmp/a/other", "/tmp/a/link");
        root.stat("/tmp/a/link");
        root.list("/tmp/a");
        root.call(CHDIR, "/tmp/a");
        root.workingDirectory();
        root.readLink("/proc/self");
        root.call(CHMOD, "file", 0600);
        root.call(UNLINK, "file");
        root.call(UNLINK, "link");
        root.call(RMDIR, "/tmp/a");
        host.nameSpace.executable(root, "/bin/none");
    }

    private void contents() {
        long fd = root.open("/tmp/file", O_CREAT | O_RDWR);
        root.write(fd, new byte[10_000]);
        root.call(FTRUNCATE, fd, 5000);
        root.seek(fd, 0, 0);
        root.read(fd, 10_000);
        root.call(UNLINK, "/tmp/file");
        root.close(fd);
    }

    private void pipes() {
        int[] pipe = root.pipe(0);
        host.whileAsleep.add(() -> root.read(pipe[0], BUFFER + 200_000, 50_000));
        root.write(pipe[1], new byte[100_000]);
        root.read(pipe[0], FakeProcess.BAD_ADDRESS, 10);
        root.close(pipe[0]);
        root.write(pipe[1], "x");
        root.close(pipe[1]);
    }

    private final class CheckingProcesses implements ProcTable.Processes {
        @Override
        public List<Integer> pids() {
            host.lockRules.check();
            return List.of(1);
        }

        @Override
        public List<String> files() {
            return List.of("comm");
        }

        @Override
        public String text(int pid, String file) {
            host.lockRules.check();
            return file;
        }
    }
}
