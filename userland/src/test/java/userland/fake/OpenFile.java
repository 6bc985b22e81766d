// SPDX-License-Identifier: Apache-2.0
package userland.fake;

import kernel.uapi.OpenFlags;

/** What a descriptor points to; shared by dup and fork. */
final class OpenFile {
    final Node node;
    final PipeBuffer pipe;
    final int flags;
    final String path;
    long position;
    int references;

    OpenFile(Node node, PipeBuffer pipe, int flags, String path) {
        this.node = node;
        this.pipe = pipe;
        this.flags = flags;
        this.path = path;
    }

    boolean mayRead() {
        return OpenFlags.mayRead(flags);
    }

    void retain() {
        references++;
        if (pipe != null && references == 1) {
            pipe.ends(mayRead(), 1);
        }
    }

    void release() {
        references--;
        if (pipe != null && references == 0) {
            pipe.ends(mayRead(), -1);
        }
    }
}
