// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.machine.memory.DmaPort;
import hardware.ssd.ftl.DeviceState;
import hardware.ssd.ftl.Storage;
import hardware.ssd.nand.FirmwareClock;
import hardware.ssd.nand.PowerSupply;
import hardware.ssd.registers.AsyncEvent;
import hardware.ssd.registers.HealthLog;
import hardware.ssd.registers.PhysicalRegions;

/** What the parts of the firmware share. Guarded by the firmware's lock. */
final class Controller {
    /** The most that a command transfers is a page shifted left by this. */
    static final int LOG2_MOST_PAGES = 9;

    static final int MOST_BYTES = PhysicalRegions.PAGE_BYTES << LOG2_MOST_PAGES;
    /** Entries of the largest I/O queue. */
    static final int MOST_ENTRIES = 1024;

    static final int SPARE_THRESHOLD_PERCENT = 10;

    private static final int ROOM_KELVIN = 310;

    final ControllerIdentity identity;
    final ControllerTiming timing;
    final DmaPort dma;
    final FirmwareClock clock;
    final PowerSupply power;
    final Storage storage;
    final DeviceState state;
    final Namespace[] namespaces;
    final boolean[] changed;
    final InterruptVectors vectors;
    final Doorbells doorbells;
    final Faults faults;
    final HostMemory memory;
    final Features features;
    final AsyncEvents events = new AsyncEvents();
    final ErrorLog errors = new ErrorLog();
    final SubmissionQueue[] submissions;
    final CompletionQueue[] completions;
    int kelvin = ROOM_KELVIN;
    private int warned;

    Controller(
            ControllerIdentity identity,
            ControllerTiming timing,
            DmaPort dma,
            FirmwareClock clock,
            PowerSupply power,
            Storage storage,
            DeviceState state,
            Namespace[] namespaces,
            InterruptVectors vectors,
            Faults faults) {
        this.identity = identity;
        this.timing = timing;
        this.dma = dma;
        this.clock = clock;
        this.power = power;
        this.storage = storage;
        this.state = state;
        this.namespaces = namespaces;
        this.vectors = vectors;
        this.faults = faults;
        int queues = identity.queues() + 1;
        changed = new boolean[namespaces.length];
        doorbells = new Doorbells(queues);
        submissions = new SubmissionQueue[queues];
        completions = new CompletionQueue[queues];
        memory = new HostMemory(dma, MOST_BYTES);
        features = new Features(this);
    }

    /** The attached namespace of that number, or null. */
    Namespace namespace(int id) {
        Namespace found = id >= 1 && id <= namespaces.length ? namespaces[id - 1] : null;
        return found != null && found.attached ? found : null;
    }

    /** What is critical, as the health log says it. */
    int criticalWarning() {
        int warning = 0;
        if (storage.availableSparePercent() < SPARE_THRESHOLD_PERCENT) {
            warning |= HealthLog.WARNING_SPARE;
        }
        if (kelvin >= features.overTemperature() || kelvin <= features.underTemperature()) {
            warning |= HealthLog.WARNING_TEMPERATURE;
        }
        if (storage.percentageUsed() > 100) {
            warning |= HealthLog.WARNING_RELIABILITY;
        }
        return storage.isReadOnly() ? warning | HealthLog.WARNING_READ_ONLY : warning;
    }

    /** Tells of warnings that are new. */
    void checkHealth() {
        int warning = criticalWarning();
        int fresh = warning & ~warned & features.enabledWarnings();
        warned = warning;
        if ((fresh & HealthLog.WARNING_SPARE) != 0) {
            events.health(AsyncEvent.HEALTH_SPARE);
        }
        if ((fresh & HealthLog.WARNING_TEMPERATURE) != 0) {
            events.health(AsyncEvent.HEALTH_TEMPERATURE);
        }
        if ((fresh & (HealthLog.WARNING_RELIABILITY | HealthLog.WARNING_READ_ONLY)) != 0) {
            events.health(AsyncEvent.HEALTH_RELIABILITY);
        }
    }

    void namespaceChanged(int id) {
        changed[id - 1] = true;
        if (features.tellsOfNamespaces()) {
            events.namespacesChanged();
        }
    }
}
