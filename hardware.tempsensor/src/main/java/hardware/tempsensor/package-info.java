// SPDX-License-Identifier: Apache-2.0
/** The temperature sensor as a device: registers above, a converter with a time of its own below. Knows no kernel. */
package hardware.tempsensor;
