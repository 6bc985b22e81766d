// SPDX-License-Identifier: Apache-2.0
package kernel.core.dma;

import hardware.machine.memory.DmaDirection;
import hardware.machine.memory.IommuDomain.Mapping;
import java.util.List;
import kernel.core.execution.Cpu;
import kernel.core.execution.Execution;

/** What is said of drivers that map and unmap wrongly, in Linux's words, as warnings (Linux: kernel/dma/debug.c). */
public final class DmaReports {
    private final Execution execution;
    private final String driver;

    /** @param driver the name that the reports begin with */
    public DmaReports(Execution execution, String driver) {
        this.execution = execution;
        this.driver = driver;
    }

    void notAllocated(Cpu cpu, String device, long busAddress, long bytes) {
        say(
                cpu,
                device,
                "device driver tries to free DMA memory it has not allocated [device address=0x%016x] [size=%d bytes]"
                        .formatted(busAddress, bytes));
    }

    void otherSize(Cpu cpu, String device, Mapping mapping, long bytes) {
        say(
                cpu,
                device,
                "device driver frees DMA memory with different size [device address=0x%016x] [map size=%d bytes] [unmap size=%d bytes]"
                        .formatted(mapping.busAddress(), mapping.bytes(), bytes));
    }

    void otherDirection(Cpu cpu, String device, Mapping mapping, DmaDirection direction) {
        say(
                cpu,
                device,
                "device driver frees DMA memory with different direction [device address=0x%016x] [size=%d bytes] [mapped with %s] [unmapped with %s]"
                        .formatted(mapping.busAddress(), mapping.bytes(), text(mapping.direction()), text(direction)));
    }

    /** It takes the answer that means failure for an address. */
    void unchecked(Cpu cpu, String device, long bytes, DmaDirection direction) {
        say(
                cpu,
                device,
                "device driver failed to check map error[device address=0x%016x] [size=%d bytes] [mapped with %s]"
                        .formatted(DeviceDma.MAPPING_ERROR, bytes, text(direction)));
    }

    void notMemory(Cpu cpu, String device, long physicalAddress, long bytes) {
        say(
                cpu,
                device,
                "device driver maps what is not memory [physical address=0x%016x] [size=%d bytes]"
                        .formatted(physicalAddress, bytes));
    }

    void syncNotAllocated(Cpu cpu, String device, long busAddress, long bytes) {
        say(
                cpu,
                device,
                "device driver tries to sync DMA memory it has not allocated [device address=0x%016x] [size=%d bytes]"
                        .formatted(busAddress, bytes));
    }

    void syncOutside(Cpu cpu, String device, Mapping mapping, long busAddress, long bytes) {
        say(
                cpu,
                device,
                "device driver syncs DMA memory outside allocated range [device address=0x%016x] [allocation size=%d bytes] [sync offset+size=%d]"
                        .formatted(busAddress, mapping.bytes(), busAddress - mapping.busAddress() + bytes));
    }

    void syncOtherDirection(Cpu cpu, String device, Mapping mapping, DmaDirection direction) {
        say(
                cpu,
                device,
                "device driver syncs DMA memory with different direction [device address=0x%016x] [size=%d bytes] [mapped with %s] [synced with %s]"
                        .formatted(mapping.busAddress(), mapping.bytes(), text(mapping.direction()), text(direction)));
    }

    void pending(Cpu cpu, String device, List<Mapping> left) {
        Mapping first = left.getFirst();
        say(
                cpu,
                device,
                "device driver has pending DMA allocations while released from device [count=%d]"
                        .formatted(left.size()),
                "One of leaked entries details: [device address=0x%016x] [size=%d bytes] [mapped with %s]"
                        .formatted(first.busAddress(), first.bytes(), text(first.direction())));
    }

    private void say(Cpu cpu, String device, String... lines) {
        lines[0] = "DMA-API: " + driver + " " + device + ": " + lines[0];
        execution.rules().warn(cpu, List.of(lines));
    }

    /** Linux's names, which nobody else writes. */
    private static String text(DmaDirection direction) {
        return "DMA_" + direction;
    }
}
