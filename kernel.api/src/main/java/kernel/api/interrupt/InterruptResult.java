// SPDX-License-Identifier: Apache-2.0
package kernel.api.interrupt;

/** What a handler made of an interrupt (Linux: irqreturn_t). */
public enum InterruptResult {
    /** It was not from this device (IRQ_NONE). */
    NONE,
    /** It was, and it has been handled (IRQ_HANDLED). */
    HANDLED
}
