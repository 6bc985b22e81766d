// SPDX-License-Identifier: Apache-2.0
package kernel.api.device;

import kernel.api.block.BlockServices;
import kernel.api.dma.Dma;
import kernel.api.interrupt.InterruptHandler;
import kernel.api.interrupt.Work;
import kernel.api.module.ModuleServices;

/**
 * A device bound to a driver: everything that the driver acquires through it is released when the two part, in reverse
 * order, whether by rmmod, by unplugging or because the probe failed (Linux: struct device with devm_*).
 *
 * <p>A driver component gets it by constructor injection, with
 * {@code @Reference(name = "device", scope = ReferenceScope.PROTOTYPE_REQUIRED)}.
 */
public interface BoundDevice extends ModuleServices {
    /** The name on the bus, such as {@code tempsensor1}. */
    String name();

    /** What the device calls itself: {@code vendor,model}. */
    String compatible();

    /** The lowest number not taken by another device of this driver, from 0; kept until the device is unbound. */
    int instance();

    /** Maps the device's register window. */
    IoMemory registers();

    /**
     * Installs a handler for one of the device's lines and lets it interrupt (Linux: devm_request_irq). On release the
     * line is masked and a handler still running elsewhere is waited for.
     *
     * @param index which line of the device, from 0
     * @param name shown in /proc/interrupts
     * @throws ProbeException EBUSY when the line is taken and not shared, EINVAL when the device has no such line
     */
    void requestInterrupt(int index, String name, InterruptHandler handler);

    /** How many interrupt lines the device has. */
    int interruptCount();

    /** As {@link #requestInterrupt}, with a preferred processor for the line (Linux: irq_set_affinity_and_hint). */
    void requestInterrupt(int index, String name, int processor, InterruptHandler handler);

    /** How many processors the machine has. */
    int processors();

    /**
     * Has something done when the driver goes, before what was acquired earlier is given back (Linux: devm_add_action). The disks and nodes of the
     * device have vanished by then; the device itself is there unless it has been pulled out.
     *
     * @param name for messages
     */
    void addAction(String name, Work.Function action);

    /** The device's way to memory. */
    Dma dma();

    /** For drivers of disks. */
    BlockServices block();

    /** The number of one of the device's lines. */
    int interruptNumber(int index);

    /** Whether the device is still in its slot. */
    boolean isPresent();
}
