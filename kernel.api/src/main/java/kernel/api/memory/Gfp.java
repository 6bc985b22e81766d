// SPDX-License-Identifier: Apache-2.0
package kernel.api.memory;

/** How an allocation may behave (Linux: gfp_t). */
public enum Gfp {
    /** May sleep to find memory; process context only (GFP_KERNEL). */
    KERNEL,
    /** Never sleeps and may fail; any context (GFP_ATOMIC). */
    ATOMIC
}
