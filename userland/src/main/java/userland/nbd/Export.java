// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

/**
 * What is offered to clients.
 *
 * @param name by which they ask for it; the empty name means it, too
 * @param description for people
 * @param readOnly whether writes are refused
 */
public record Export(String name, String description, boolean readOnly) {
    boolean isNamed(String wanted) {
        return wanted.isEmpty() || wanted.equals(name);
    }
}
