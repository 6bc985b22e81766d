// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import kernel.api.block.BlockException;
import kernel.api.fs.FileSystemException;

/** Turns what a file system throws into what its functions answer. */
final class DiskErrors {
    private DiskErrors() {}

    static int guard(IntSupplier call) {
        return (int) guardLong(call::getAsInt);
    }

    static long guardLong(LongSupplier call) {
        try {
            return call.getAsLong();
        } catch (FileSystemException e) {
            return -e.errno();
        } catch (BlockException e) {
            return -e.errno();
        }
    }
}
