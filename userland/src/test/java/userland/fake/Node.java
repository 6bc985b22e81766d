// SPDX-License-Identifier: Apache-2.0
package userland.fake;

import java.util.SortedMap;
import java.util.TreeMap;
import kernel.uapi.Executable;
import kernel.uapi.FileMode;

/** An inode of the fake kernel. */
public final class Node {
    int mode;
    final long inode;
    final SortedMap<String, Node> children = new TreeMap<>();
    Node parent;
    byte[] content = {};
    String target;
    Device device;
    Executable program;
    long rawDevice;
    long modificationSeconds = 1_000_000_000;

    Node(int mode, long inode, Node parent) {
        this.mode = mode;
        this.inode = inode;
        this.parent = parent == null ? this : parent;
    }

    /** Sets the permissions; answers 0. */
    long changeMode(int permissions) {
        mode = (mode & FileMode.S_IFMT) | (permissions & FileMode.PERMISSIONS);
        return 0;
    }

    boolean isDirectory() {
        return FileMode.isDirectory(mode);
    }
}
