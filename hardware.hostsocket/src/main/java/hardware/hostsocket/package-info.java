// SPDX-License-Identifier: Apache-2.0
/**
 * A socket of the host as a device: ports with rings above, connections of host programs below. Knows no kernel. Register accesses come from
 * processors; what comes from outside, from platform threads of the device, which are the only ones that wait for the host.
 */
package hardware.hostsocket;
