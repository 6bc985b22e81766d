// SPDX-License-Identifier: Apache-2.0
package userland.bin;

/** Names of users and groups: there is one, and no file that says so. */
final class Names {
    private Names() {}

    static String of(int id) {
        return id == 0 ? "root" : Integer.toString(id);
    }

    /** The last part of a path. */
    static String base(String path) {
        String trimmed = path;
        while (trimmed.length() > 1 && trimmed.endsWith("/")) {
            trimmed = trimmed.substring(0, trimmed.length() - 1);
        }
        return trimmed.length() == 1 ? trimmed : trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }
}
