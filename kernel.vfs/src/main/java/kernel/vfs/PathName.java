// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.ENAMETOOLONG;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Limits.NAME_MAX;
import static kernel.uapi.Limits.PATH_MAX;

/** What makes a string a path: lengths count in bytes of UTF-8, as user memory has them (Linux: getname). */
final class PathName {
    private static final int UTF8_BYTES_MAX = 3;

    private PathName() {}

    /**
     * Whether a path from user memory is one.
     *
     * @param path null where the memory could not be read
     * @return 0, -EFAULT, -ENOENT for an empty one, -ENAMETOOLONG
     */
    static int check(String path) {
        if (path == null) {
            return -EFAULT;
        }
        if (path.isEmpty()) {
            return -ENOENT;
        }
        return isLongerThan(path, PATH_MAX - 1) ? -ENAMETOOLONG : 0;
    }

    static boolean isTooLongAName(String name) {
        return isLongerThan(name, NAME_MAX);
    }

    private static boolean isLongerThan(String text, int bytesMax) {
        int length = text.length();
        if (length > bytesMax) {
            return true;
        }
        return length > bytesMax / UTF8_BYTES_MAX && sizeBytes(text) > bytesMax;
    }

    /** The length as UTF-8. */
    static int sizeBytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes += 1;
            } else if (c < 0x800 || Character.isSurrogate(c)) {
                bytes += 2;
            } else {
                bytes += UTF8_BYTES_MAX;
            }
        }
        return bytes;
    }
}
