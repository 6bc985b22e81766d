// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

/**
 * A device that wants a node in /dev.
 *
 * @param name below /dev, such as {@code tempsensor1}
 * @param mode file type and permissions, as st_mode
 * @param device its number, see {@link kernel.uapi.FileMode#device}
 */
public record DeviceNode(String name, int mode, long device) {}
