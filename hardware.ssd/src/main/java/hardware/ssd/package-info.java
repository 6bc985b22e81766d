// SPDX-License-Identifier: Apache-2.0
/** The solid state disk as a device: registers above; queues, firmware, translation layer and flash with a time of their own below. Knows no kernel. */
package hardware.ssd;
