// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

/**
 * A rule of the kernel was broken; it has been reported with its reason already. In process context it becomes an oops,
 * in interrupt context a panic.
 */
public final class KernelBug extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public KernelBug(String message) {
        super(message);
    }
}
