// SPDX-License-Identifier: Apache-2.0
package integration.tests.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** nbd-export itself: what it refuses, how it ends, and what it leaves behind. */
final class NbdExportIT {
    @TempDir
    private Path directory;

    @Test
    void aReadOnlyExportRefusesWritesAndHasItsName() throws Exception {
        HostProgram.require("nbdinfo", "libnbd-bin");
        HostProgram.require("qemu-io", "qemu-utils");
        try (ExportedDisk disk = ExportedDisk.start(directory, "-r", "-e", "disk")) {
            assertThat(HostProgram.succeed("nbdinfo", "nbd+unix:///disk?socket=" + disk.socket()))
                    .contains("is_read_only: true", "export=\"disk\"");
            HostProgram.Result write = HostProgram.run("qemu-io", "-f", "raw", "-c", "write 0 4k", disk.uri());
            assertThat(write.output()).contains("Permission denied");
            HostProgram.Result unknown = HostProgram.run("nbdinfo", "nbd+unix:///other?socket=" + disk.socket());
            assertThat(unknown.status()).isNotZero();
        }
    }

    @Test
    void killingItPullsTheSocketOutAndItCanBeStartedAgain() throws Exception {
        HostProgram.require("nbdinfo", "libnbd-bin");
        try (ExportedDisk disk = ExportedDisk.start(directory)) {
            HostProgram.succeed("nbdinfo", "--size", disk.uri());
            disk.type("kill $!; wait; lsdev; echo gone");
            disk.await("the path has gone", () -> !Files.exists(disk.socket()));
            disk.await("it has ended", () -> disk.said().contains("gone\n"));
            assertThat(disk.said()).doesNotContain("hostsocket0");
            disk.export();
            HostProgram.succeed("nbdinfo", "--size", disk.uri());
        }
    }

    @Test
    void whatCannotBeExportedIsSaidAndNothingIsLeft() throws Exception {
        Path taken = directory.resolve("taken");
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                ExportedDisk disk = ExportedDisk.start(directory)) {
            other.bind(UnixDomainSocketAddress.of(taken));
            disk.type("nbd-export /dev/ssd0 " + taken);
            disk.type("nbd-export /dev/ssd0 /nowhere/socket");
            disk.type("nbd-export /dev/nothing " + directory.resolve("x"));
            disk.type("nbd-export /dev/null " + directory.resolve("y"));
            disk.type("nbd-export /dev/ssd0 0.0.0.0:10809");
            disk.type("hotplug add hostsocket listen=unix:" + taken);
            disk.type("lsdev; echo done");
            disk.await("all has been said", () -> disk.said().contains("done\n"));
            assertThat(disk.said())
                    .contains(
                            "nbd-export: hostsocket: cannot listen at unix:" + taken + ": Address already in use",
                            "nbd-export: hostsocket: cannot listen at unix:/nowhere/socket: No such file or directory",
                            "nbd-export: /dev/nothing: No such file or directory",
                            "nbd-server: /dev/null: Block device required",
                            "nbd-export: other machines can reach 0.0.0.0: only with any=1",
                            "hotplug: hostsocket: cannot listen at unix:" + taken + ": Address already in use")
                    .doesNotContain("hostsocket1");
            assertThat(directory.resolve("y")).doesNotExist();
            assertThat(other.isOpen()).isTrue();
            assertThat(taken).exists();
        }
    }

    @Test
    void tcpServesToo() throws IOException {
        HostProgram.require("nbdinfo", "libnbd-bin");
        try (ExportedDisk disk = ExportedDisk.start(directory)) {
            disk.type("nbd-export /dev/ssd0 127.0.0.1:0 &");
            disk.await("both are exported", () -> disk.said().contains("nbd://127.0.0.1:0/"));
            disk.type("dmesg");
            disk.await("the port is told", () -> disk.said().contains("TCP port "));
            String port = disk.said().replaceFirst("(?s).*TCP port ([0-9]+).*", "$1");
            HostProgram.succeed("nbdinfo", "--size", "nbd://127.0.0.1:" + port);
        }
    }
}
