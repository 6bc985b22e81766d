// SPDX-License-Identifier: Apache-2.0
package integration.tests.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host's own ext4 on the simulated disk. Needs FUSE, loop devices and root; is skipped where one is missing. */
final class HostFileSystemIT {
    @TempDir
    private Path directory;

    @Test
    void theHostsExt4LivesOnTheDisk() throws Exception {
        HostProgram.require("nbdfuse", "nbdfuse");
        HostProgram.require("fusermount3", "fuse3");
        HostProgram.require("mkfs.ext4", "e2fsprogs");
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "/dev/fuse is missing or not for us");
        Assumptions.assumeTrue(
                HostProgram.run("losetup", "-f").status() == 0 && "root".equals(System.getProperty("user.name")),
                "a loop device takes root and a kernel that has them");
        Path fuse = Files.createDirectory(directory.resolve("fuse"));
        Path mount = Files.createDirectory(directory.resolve("mount"));
        try (ExportedDisk disk = ExportedDisk.start(directory)) {
            Process nbdfuse = new ProcessBuilder("nbdfuse", fuse.toString(), disk.uri())
                    .inheritIO()
                    .start();
            Path file = fuse.resolve("nbd");
            try {
                disk.await("the disk is a file of the host", () -> Files.exists(file));
                HostProgram.succeed("mkfs.ext4", "-q", "-F", file.toString());
                use(file, mount);
                HostProgram.succeed("e2fsck", "-fn", file.toString());
            } finally {
                HostProgram.run("fusermount3", "-u", fuse.toString());
                nbdfuse.waitFor();
            }
        }
    }

    private static void use(Path file, Path mount) throws IOException {
        HostProgram.Result mounted = HostProgram.run("mount", "-o", "loop", file.toString(), mount.toString());
        Assumptions.assumeTrue(mounted.status() == 0, "this host mounts nothing: " + mounted.output());
        byte[] content = new byte[3_000_000];
        new SplittableRandom(42).nextBytes(content);
        try {
            for (int i = 0; i < 5; i++) {
                Files.write(mount.resolve("file" + i), content);
            }
            Files.delete(mount.resolve("file3"));
        } finally {
            HostProgram.succeed("umount", mount.toString());
        }
        HostProgram.succeed("mount", "-o", "loop", file.toString(), mount.toString());
        try {
            assertThat(Files.readAllBytes(mount.resolve("file4"))).isEqualTo(content);
            assertThat(mount.resolve("file3")).doesNotExist();
        } finally {
            HostProgram.succeed("umount", mount.toString());
        }
    }
}
