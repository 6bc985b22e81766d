// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import kernel.api.file.FileOperations;

/** The operations of a device's file until its driver's take their place (Linux: def_chr_fops). */
final class NoOperations implements FileOperations {
    static final NoOperations INSTANCE = new NoOperations();

    private NoOperations() {}
}
