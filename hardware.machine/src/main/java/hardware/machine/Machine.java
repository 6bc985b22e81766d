// SPDX-License-Identifier: Apache-2.0
package hardware.machine;

import hardware.machine.bus.Bus;
import hardware.machine.cpu.Processor;
import hardware.machine.interrupt.InterruptController;
import hardware.machine.memory.Iommu;
import hardware.machine.memory.PhysicalMemory;
import hardware.machine.time.Timeline;

/** A computer without software: what is soldered together when it is made. Knows nothing of any kernel. */
public final class Machine {
    /** The most processors a machine can have. */
    public static final int MAX_PROCESSORS = 64;

    private final Processor[] processors;
    private final InterruptController interrupts;
    private final PhysicalMemory memory;
    private final Iommu iommu;
    private final Timeline timeline;
    private final Bus bus;

    /**
     * @param processorCount 1 to {@value #MAX_PROCESSORS}
     * @param memoryBytes size of physical memory, a multiple of the frame size
     * @param translating whether devices go through the IOMMU; without it they reach all of memory
     * @param seed what the devices' own randomness is drawn from
     */
    public Machine(int processorCount, long memoryBytes, boolean translating, Timeline timeline, long seed) {
        if (processorCount < 1 || processorCount > MAX_PROCESSORS) {
            throw new IllegalArgumentException("1 to " + MAX_PROCESSORS + " processors, not " + processorCount);
        }
        processors = new Processor[processorCount];
        for (int id = 0; id < processorCount; id++) {
            processors[id] = new Processor(id);
        }
        this.timeline = timeline;
        interrupts = new InterruptController(processors);
        memory = new PhysicalMemory(memoryBytes);
        iommu = new Iommu(memory, translating);
        bus = new Bus(timeline, interrupts, iommu, seed);
    }

    public int processorCount() {
        return processors.length;
    }

    public Processor processor(int id) {
        return processors[id];
    }

    public InterruptController interrupts() {
        return interrupts;
    }

    public PhysicalMemory memory() {
        return memory;
    }

    public Iommu iommu() {
        return iommu;
    }

    public Timeline timeline() {
        return timeline;
    }

    public Bus bus() {
        return bus;
    }
}
