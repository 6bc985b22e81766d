// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.ssd.nand.NandGeometry;

/**
 * What the controller says of itself.
 *
 * @param uniqueId tells this device from others; in its serial number and identifiers
 * @param queues I/O queues of each kind
 * @param capacityBytes of all namespaces
 * @param cacheBytes of the write cache
 * @param geometry of the flash
 */
public record ControllerIdentity(
        long uniqueId, int queues, long capacityBytes, long cacheBytes, NandGeometry geometry) {}
