// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import kernel.uapi.UserProcessor;

/** What uname(2) says. */
public record SystemName(String system, String node, String release, String version, String machine) {
    private static final int FIELD_BYTES = 65;
    static final int BYTES = 6 * FIELD_BYTES;

    static SystemName load(UserProcessor from, long address) {
        return new SystemName(
                CString.load(from, address),
                CString.load(from, address + FIELD_BYTES),
                CString.load(from, address + 2 * FIELD_BYTES),
                CString.load(from, address + 3 * FIELD_BYTES),
                CString.load(from, address + 4 * FIELD_BYTES));
    }
}
