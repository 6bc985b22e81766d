// SPDX-License-Identifier: Apache-2.0
/** Devices, the drivers bound to them, and what they own (Linux: drivers/base). Process context. */
package kernel.core.device;
