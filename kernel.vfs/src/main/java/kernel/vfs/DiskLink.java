// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import kernel.core.fs.UserProcess;

/** A symbolic link on a disk; its target is read once. */
final class DiskLink extends SymbolicLink {
    private volatile String target;

    DiskLink(DiskFileSystem fileSystem, long number, Birth birth) {
        super(fileSystem, number, birth, "");
    }

    /** @throws kernel.api.fs.FileSystemException EIO */
    @Override
    String target(UserProcess process) {
        String known = target;
        if (known == null) {
            known = new String(disk().node().readLink(process), UTF_8);
            target = known;
        }
        return known;
    }

    @Override
    long sizeBytes() {
        return disk().sizeBytes();
    }

    @Override
    long blocks() {
        return disk().sectors();
    }
}
