// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.machine.bus.DeviceEnvironment;
import hardware.machine.interrupt.InterruptLine;
import hardware.machine.time.Timeline;
import hardware.machine.time.TimelineEvent;
import hardware.ssd.control.Fault;
import hardware.ssd.control.InjectedFault;
import hardware.ssd.control.Statistic;
import hardware.ssd.ftl.DeviceState;
import hardware.ssd.ftl.Storage;
import hardware.ssd.nand.FirmwareClock;
import hardware.ssd.nand.ImageFailure;
import hardware.ssd.nand.PowerLost;
import hardware.ssd.nand.PowerSupply;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A solid state disk in its slot: registers in front, firmware behind, and the events by which the firmware moves.
 *
 * <p>Thread-safe. Processors write registers and doorbells without waiting for the firmware, and wake it; everything else happens in its events, under its
 * lock, which the hands of a person take as well.
 */
public final class Ssd {
    /** How long a page stays in the write cache when nothing else happens, in nanoseconds. */
    private static final long DESTAGE_NANOS = 10_000_000;

    private static final int NO_QUEUE = 1;
    private static final int NO_ENTRY = 2;

    private final Object lock = new Object();
    private final DeviceEnvironment environment;
    private final Timeline timeline;
    private final TimelineEvent work;
    private final TimelineEvent deadline;
    private final TimelineEvent destage;
    private final AtomicBoolean requested = new AtomicBoolean();
    private final AtomicInteger invalidDoorbells = new AtomicInteger();
    private final FirmwareClock clock;
    private final PowerSupply power;
    private final Storage storage;
    private final DeviceState state;
    private final Faults faults;
    private final Controller controller;
    private final Firmware firmware;
    private final RegisterFile registers;
    private volatile boolean powered = true;

    // Guarded by the lock.
    private final Namespaces namespaces;
    private boolean pulled;
    private boolean destageScheduled;
    private long deadlineAt = Long.MAX_VALUE;

    public Ssd(
            DeviceEnvironment environment,
            ControllerIdentity identity,
            ControllerTiming timing,
            FirmwareClock clock,
            PowerSupply power,
            Storage storage,
            DeviceState state,
            long namespaceBytes,
            List<InterruptLine> lines,
            boolean writeProtected) {
        this.environment = environment;
        this.clock = clock;
        this.power = power;
        this.storage = storage;
        this.state = state;
        timeline = environment.timeline();
        faults = new Faults(environment.random());
        namespaces = new Namespaces(state, storage, namespaceBytes);
        InterruptVectors vectors = new InterruptVectors(lines);
        controller = new Controller(
                identity, timing, environment.dma(), clock, power, storage, state, namespaces.all(), vectors, faults);
        firmware = new Firmware(controller, writeProtected);
        registers = new RegisterFile(controller, firmware);
        firmware.reset();
        String name = environment.deviceName();
        work = timeline.event(name + " commands", this::work);
        deadline = timeline.event(name + " latency", this::deadline);
        destage = timeline.event(name + " write back", this::destage);
    }

    /** A processor reads a register. */
    public int read(int offset) {
        return powered ? registers.read(offset) : -1;
    }

    /** A processor writes a register or rings a doorbell. */
    public void write(int offset, int value) {
        if (!powered) {
            return;
        }
        switch (registers.write(offset, value)) {
            case NOTED -> {}
            case WORK -> wake();
            case NO_QUEUE -> complain(NO_QUEUE);
            case NO_ENTRY -> complain(NO_ENTRY);
        }
    }

    private void complain(int about) {
        invalidDoorbells.accumulateAndGet(about, (a, b) -> a | b);
        wake();
    }

    /** The firmware has something to do; asked again before it does, it is woken once. */
    private void wake() {
        if (!requested.get() && requested.compareAndSet(false, true)) {
            work.scheduleAt(timeline.now());
        }
    }

    private void work() {
        requested.set(false);
        move();
    }

    private void deadline() {
        synchronized (lock) {
            deadlineAt = Long.MAX_VALUE;
        }
        move();
    }

    private void move() {
        synchronized (lock) {
            if (powered && !pulled) {
                attempt(this::step);
            }
        }
    }

    /** Moves the firmware, until it is done or the power goes. A bug of it is fatal for the controller, and not hidden. */
    private void attempt(Runnable action) {
        clock.set(timeline.now());
        boolean survived = false;
        try {
            action.run();
            survived = true;
        } catch (PowerLost e) {
            losePower();
            survived = true;
        } catch (ImageFailure e) {
            environment.trace("image failed: " + e.getMessage(), 0);
            firmware.setFatal();
            survived = true;
        } finally {
            if (!survived) {
                firmware.setFatal();
            }
            if (powered) {
                registers.settle();
            }
        }
    }

    private void step() {
        registers.applyConfiguration();
        boolean more = false;
        if (registers.isReady()) {
            int complaints = invalidDoorbells.getAndSet(0);
            if ((complaints & NO_QUEUE) != 0) {
                firmware.invalidDoorbell(true);
            }
            if ((complaints & NO_ENTRY) != 0) {
                firmware.invalidDoorbell(false);
            }
            more = firmware.round();
        }
        controller.vectors.announce(clock.now(), faults);
        if (more) {
            wake();
        }
        scheduleNext();
    }

    private void scheduleNext() {
        long commands = registers.isReady() ? firmware.nextAt() : Long.MAX_VALUE;
        long next = Math.min(commands, Math.min(registers.nextAt(), controller.vectors.nextDeadline()));
        if (next != deadlineAt) {
            deadlineAt = next;
            if (next == Long.MAX_VALUE) {
                deadline.cancel();
            } else {
                deadline.scheduleAt(next);
            }
        }
        if (!destageScheduled && storage.cachedPages() > 0) {
            destageScheduled = true;
            destage.scheduleAt(clock.now() + DESTAGE_NANOS);
        }
    }

    private void destage() {
        synchronized (lock) {
            destageScheduled = false;
            if (powered && !pulled) {
                attempt(() -> {
                    if (!storage.destage()) {
                        state.mediaErrors++;
                    }
                });
            }
        }
    }

    private void losePower() {
        powered = false;
        power.cutAfter(0);
        try {
            storage.powerFails();
        } finally {
            firmware.reset();
            controller.errors.clear();
            registers.powerFails();
            invalidDoorbells.set(0);
            work.cancel();
            deadline.cancel();
            destage.cancel();
            requested.set(false);
            deadlineAt = Long.MAX_VALUE;
            destageScheduled = false;
            environment.trace("power lost", power.steps());
        }
    }

    /** The device is pulled out. */
    public void detached() {
        synchronized (lock) {
            pulled = true;
            clock.set(timeline.now());
            try {
                if (powered) {
                    losePower();
                }
            } finally {
                storage.close();
            }
        }
    }

    public void powerCut() {
        synchronized (lock) {
            if (powered && !pulled) {
                clock.set(timeline.now());
                losePower();
            }
        }
    }

    public void powerCutAfterSteps(long steps) {
        synchronized (lock) {
            power.cutAfter(steps);
        }
    }

    public void powerOn() {
        synchronized (lock) {
            if (!powered && !pulled) {
                powered = true;
                attempt(() -> {
                    storage.powerReturns();
                    namespaces.powerReturns();
                    environment.trace("power returned", power.steps());
                });
            }
        }
    }

    public boolean isPowered() {
        return powered;
    }

    public long steps() {
        synchronized (lock) {
            return power.steps();
        }
    }

    public InjectedFault inject(Fault fault) {
        return faults.inject(fault);
    }

    public List<InjectedFault> faults() {
        return faults.list();
    }

    public void clearFaults() {
        faults.clear();
    }

    public void interrupt(int vector) {
        if (vector < 0 || vector >= controller.vectors.count()) {
            throw new IllegalArgumentException(
                    "vectors are 0 to %d, not %d".formatted(controller.vectors.count() - 1, vector));
        }
        controller.vectors.send(vector);
    }

    public void setTemperature(int kelvin) {
        if (kelvin < 0 || kelvin > 0xffff) {
            throw new IllegalArgumentException("a temperature is 0 to 65535 kelvin, not " + kelvin);
        }
        synchronized (lock) {
            controller.kelvin = kelvin;
        }
        wake();
    }

    public int namespaceCount() {
        return namespaces.all().length;
    }

    public boolean isAttached(int namespace) {
        synchronized (lock) {
            return namespaces.get(namespace).attached;
        }
    }

    /** Attaches or detaches a namespace and lets software know; false when it was so before. */
    public boolean setAttached(int namespace, boolean attached) {
        synchronized (lock) {
            Namespace changed = namespaces.get(namespace);
            if (changed.attached == attached) {
                return false;
            }
            changed.attached = attached;
            controller.namespaceChanged(namespace);
        }
        wake();
        return true;
    }

    public long statistic(Statistic statistic) {
        synchronized (lock) {
            return firmware.logs().statistic(statistic);
        }
    }
}
