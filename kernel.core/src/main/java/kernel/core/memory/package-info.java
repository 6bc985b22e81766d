// SPDX-License-Identifier: Apache-2.0
/** Kernel memory and address spaces (Linux: mm/). Process context unless said otherwise. */
package kernel.core.memory;
