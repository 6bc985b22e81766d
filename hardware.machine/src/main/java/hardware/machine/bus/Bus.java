// SPDX-License-Identifier: Apache-2.0
package hardware.machine.bus;

import hardware.machine.interrupt.InterruptController;
import hardware.machine.interrupt.InterruptLine;
import hardware.machine.interrupt.InterruptLine.Trigger;
import hardware.machine.memory.DmaPort;
import hardware.machine.memory.Iommu;
import hardware.machine.memory.IommuDomain;
import hardware.machine.time.Timeline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/** The memory-mapped bus: slots into which devices are plugged, each with a window of addresses. Thread-safe. */
public final class Bus {
    /** Where the first window begins in the physical address space. */
    public static final long FIRST_WINDOW = 0xfe00_0000L;

    /** The first line number that devices get; those below belong to the processors themselves. */
    public static final int FIRST_DEVICE_LINE = 16;

    private static final long WINDOW_ALIGNMENT = 0x1000;

    private final Timeline timeline;
    private final InterruptController interrupts;
    private final Iommu iommu;
    private final SplittableRandom seeds;
    private final List<BusListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, BusDevice> devices = new LinkedHashMap<>();
    /** Pulled, while those who listen are told: their names and windows are not free yet. */
    private final Map<String, BusDevice> leaving = new LinkedHashMap<>();

    private volatile MachineObserver observer;

    public Bus(Timeline timeline, InterruptController interrupts, Iommu iommu, long seed) {
        this.timeline = timeline;
        this.interrupts = interrupts;
        this.iommu = iommu;
        seeds = new SplittableRandom(seed);
    }

    public void listen(BusListener listener) {
        listeners.add(listener);
    }

    public void unlisten(BusListener listener) {
        listeners.remove(listener);
    }

    /** Who watches the devices, or null. */
    public void observe(MachineObserver newObserver) {
        observer = newObserver;
        iommu.observe(newObserver);
    }

    /** The devices in their slots, in the order in which they were plugged in. */
    public synchronized List<BusDevice> devices() {
        return List.copyOf(devices.values());
    }

    /** The device of that name, or null. */
    public synchronized BusDevice device(String name) {
        return devices.get(name);
    }

    /**
     * Plugs a device in: it gets a name, a window, its lines, and everybody who listens is told. When the model throws
     * it is not plugged in, and leaves nothing behind.
     *
     * @throws IllegalArgumentException the model's window is not a positive multiple of 4 bytes
     * @throws IllegalStateException there are no interrupt lines left
     */
    public BusDevice attach(DeviceModel model) {
        BusDevice device;
        synchronized (this) {
            device = plugIn(model);
            devices.put(device.name(), device);
        }
        for (BusListener listener : listeners) {
            listener.attached(device);
        }
        return device;
    }

    /**
     * Pulls a device out, without asking anybody. Its name, window and lines are free for another one when all who listen have been told.
     *
     * @return false when no device has that name
     */
    public boolean detach(String name) {
        BusDevice device;
        synchronized (this) {
            device = devices.remove(name);
            if (device == null) {
                return false;
            }
            leaving.put(name, device);
        }
        try {
            device.remove();
            for (BusListener listener : listeners) {
                listener.detached(device);
            }
        } finally {
            device.interruptLines().forEach(interrupts::free);
            synchronized (this) {
                leaving.remove(name);
            }
        }
        return true;
    }

    private BusDevice plugIn(DeviceModel model) {
        String name = freeName(model.type());
        int windowBytes = model.windowBytes();
        if (windowBytes <= 0 || windowBytes % Integer.BYTES != 0) {
            throw new IllegalArgumentException(name + " wants a register window of " + windowBytes + " bytes");
        }
        Slot slot = new Slot(name, iommu.newDomain(name), new SplittableRandom(seeds.nextLong()));
        boolean plugged = false;
        try {
            model.attached(slot);
            plugged = true;
        } finally {
            slot.open = false;
            if (!plugged) {
                slot.domain.disconnect();
                slot.lines.forEach(interrupts::free);
            }
        }
        return new BusDevice(name, model, freeWindow(windowBytes), windowBytes, slot.lines, slot.domain);
    }

    private String freeName(String type) {
        for (int number = 0; ; number++) {
            if (!devices.containsKey(type + number) && !leaving.containsKey(type + number)) {
                return type + number;
            }
        }
    }

    private long freeWindow(int bytes) {
        long base = FIRST_WINDOW;
        for (boolean moved = true; moved; ) {
            moved = false;
            List<BusDevice> taken = new ArrayList<>(devices.values());
            taken.addAll(leaving.values());
            for (BusDevice other : taken) {
                long end = other.baseAddress() + other.windowBytes();
                if (base < end && other.baseAddress() < base + bytes) {
                    base = (end + WINDOW_ALIGNMENT - 1) / WINDOW_ALIGNMENT * WINDOW_ALIGNMENT;
                    moved = true;
                }
            }
        }
        return base;
    }

    /** What a plugged-in device sees of the machine. */
    private final class Slot implements DeviceEnvironment {
        private final String name;
        private final IommuDomain domain;
        private final RandomGenerator random;
        private final List<InterruptLine> lines = new ArrayList<>();
        private boolean open = true;

        Slot(String name, IommuDomain domain, RandomGenerator random) {
            this.name = name;
            this.domain = domain;
            this.random = random;
        }

        @Override
        public String deviceName() {
            return name;
        }

        @Override
        public Timeline timeline() {
            return timeline;
        }

        @Override
        public InterruptLine interruptLine(Trigger trigger) {
            if (!open) {
                throw new IllegalStateException("lines are wired when a device is attached, not later");
            }
            InterruptLine line = interrupts.allocate(name, trigger, FIRST_DEVICE_LINE);
            lines.add(line);
            return line;
        }

        @Override
        public DmaPort dma() {
            return domain.port();
        }

        @Override
        public RandomGenerator random() {
            return random;
        }

        @Override
        public void trace(String step, long value) {
            MachineObserver current = observer;
            if (current != null) {
                current.deviceStep(name, step, value);
            }
        }
    }
}
