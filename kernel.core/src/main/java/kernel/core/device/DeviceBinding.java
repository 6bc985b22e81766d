// SPDX-License-Identifier: Apache-2.0
package kernel.core.device;

import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.EINVAL;

import hardware.machine.bus.BusDevice;
import hardware.machine.bus.Register;
import hardware.machine.interrupt.InterruptLine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import kernel.api.block.BlockServices;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.device.BoundDevice;
import kernel.api.device.CharacterDevice;
import kernel.api.device.IoMemory;
import kernel.api.device.ProbeException;
import kernel.api.dma.Dma;
import kernel.api.interrupt.DelayedWork;
import kernel.api.interrupt.InterruptHandler;
import kernel.api.interrupt.KernelTimer;
import kernel.api.interrupt.Tasklet;
import kernel.api.interrupt.Work;
import kernel.api.lock.Mutex;
import kernel.api.lock.SpinLock;
import kernel.api.memory.Gfp;
import kernel.api.memory.KernelMemory;
import kernel.api.module.KernelLog;
import kernel.api.thread.KernelThread;
import kernel.api.wait.Completion;
import kernel.api.wait.WaitQueue;
import kernel.core.block.BlockOwner;
import kernel.core.block.DriverDisks;
import kernel.core.dma.DeviceDma;
import kernel.core.dma.DmaOwner;
import kernel.core.dma.DmaReports;
import kernel.core.execution.DelayedItem;
import kernel.core.execution.Execution;
import kernel.core.execution.Interrupts;
import kernel.core.execution.KernelContext;
import kernel.core.execution.Point;
import kernel.core.execution.SoftTasklet;
import kernel.core.execution.SoftTimer;
import kernel.core.execution.StoppableThread;
import kernel.core.execution.Task;
import kernel.core.execution.WaitQueueHead;
import kernel.core.execution.WorkQueue;
import kernel.core.module.LoadedModule;
import kernel.core.trace.TraceEvent;

/**
 * A device and the driver that it is bound to, with all that the driver acquired (Linux: struct device, devres). It goes
 * in three steps: {@link #revoke}, then the driver's own farewell, then {@link #release}.
 */
public final class DeviceBinding implements BoundDevice {
    private final DeviceRegistry registry;
    private final Execution execution;
    private final BusDevice device;
    private final LoadedModule module;
    private final String driver;
    private final int instance;
    private final KernelLog log;
    private final WaitQueueHead drainQueue;
    private final ManagedResources resources;
    private final List<WaitQueueHead> waitQueues = new ArrayList<>();
    private final List<DeviceRegistration> registrations = new ArrayList<>();
    private volatile Task initTask;
    private volatile boolean gone;
    private volatile boolean revoking;
    private DeviceDma dma;
    private DriverDisks disks;

    DeviceBinding(
            DeviceRegistry registry, BusDevice device, LoadedModule module, String driver, int instance, Task task) {
        this.registry = registry;
        this.execution = registry.execution();
        this.device = device;
        this.module = module;
        this.driver = driver;
        this.instance = instance;
        initTask = task;
        log = registry.log(driver + " " + device.name());
        resources = new ManagedResources(device.name());
        drainQueue = execution.newWaitQueue(device.name() + " drain", () -> false);
    }

    public LoadedModule module() {
        return module;
    }

    public String driver() {
        return driver;
    }

    public BusDevice busDevice() {
        return device;
    }

    /** Initialisation is over. */
    public void probed() {
        initTask = null;
    }

    /** The driver's devices that programs can open. */
    public synchronized List<DeviceRegistration> registrations() {
        return List.copyOf(registrations);
    }

    /**
     * Enters a device of this driver with all its minor numbers; it vanishes with the binding.
     *
     * @return that of the first minor number
     * @throws ProbeException EBUSY when a number or name is taken; those before it are given back with the binding
     */
    public DeviceRegistration register(CharacterDevice character) {
        DeviceRegistration first = register(character, character.minor());
        for (int i = 1; i < character.minors(); i++) {
            register(character, character.minor() + i);
        }
        return first;
    }

    private DeviceRegistration register(CharacterDevice character, int minor) {
        DeviceRegistration registration = registry.characterDevices().register(this, character, minor);
        if (registration == null) {
            throw new ProbeException(EBUSY, "/dev/" + character.nodeName(minor) + " or its number is taken");
        }
        synchronized (this) {
            registrations.add(registration);
        }
        return registration;
    }

    // ---- the end

    /**
     * First step: the nodes vanish, nobody enters the driver any more, whoever sleeps in it is woken with -ENODEV, and the
     * last call in progress is waited for. May sleep. Done once; a second call returns at once.
     */
    public void revoke(Task task) {
        gone = true;
        revoking = true;
        try {
            for (DeviceRegistration registration : registrations()) {
                registry.characterDevices().unregister(registration);
                registration.revoke();
            }
            wakeSleepers();
            revokeDisks(task);
            drainQueue.waitEvent(task, () -> registrations().stream().allMatch(DeviceRegistration::isEmpty));
        } finally {
            revoking = false;
        }
        Farewell farewell = new Farewell();
        registrations().forEach(registration -> registration.releaseRevoked(task, farewell));
        farewell.end();
    }

    private void revokeDisks(Task task) {
        DriverDisks mine;
        synchronized (this) {
            mine = disks;
        }
        if (mine != null) {
            mine.revoke(task);
        }
    }

    /** Those who sleep for the device look again whether it is worth it; called when the device has been pulled, too. */
    void wakeSleepers() {
        List<WaitQueueHead> queues;
        synchronized (this) {
            queues = List.copyOf(waitQueues);
        }
        queues.forEach(WaitQueueHead::wakeAllFromOutside);
    }

    void drained() {
        drainQueue.wakeAllFromOutside();
    }

    /**
     * Last step: all that the driver acquired goes, the newest first, whatever one of them throws; then what it left mapped, and memory at the very
     * end, when the device cannot reach it any more. May sleep.
     */
    public void release(Task task) {
        Farewell farewell = new Farewell();
        farewell.step(() -> revoke(task));
        resources.release(task, farewell);
        farewell.step(this::closeDma);
        resources.releaseMemory(task, farewell);
        registry.unbound(this);
        farewell.end();
    }

    private synchronized void closeDma() {
        if (dma != null) {
            dma.close();
        }
    }

    // ---- BoundDevice

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public String compatible() {
        return device.compatible();
    }

    @Override
    public int instance() {
        return instance;
    }

    @Override
    public boolean isPresent() {
        return device.isPresent();
    }

    @Override
    public IoMemory registers() {
        return new Window();
    }

    @Override
    public int interruptNumber(int index) {
        return line(index).number();
    }

    @Override
    public int interruptCount() {
        return device.interruptLines().size();
    }

    @Override
    public int processors() {
        return execution.cpuCount();
    }

    @Override
    public void requestInterrupt(int index, String name, InterruptHandler handler) {
        InterruptLine line = line(index);
        request(line, name, execution.machine().interrupts().targets(line), handler);
    }

    @Override
    public void requestInterrupt(int index, String name, int processor, InterruptHandler handler) {
        if (processor < 0 || processor >= processors()) {
            throw new ProbeException(EINVAL, "there is no processor " + processor);
        }
        request(line(index), name, 1L << processor, handler);
    }

    private void request(InterruptLine line, String name, long processors, InterruptHandler handler) {
        resources.checkOpen();
        Interrupts.Action action = execution.interrupts().request(line, name, processors, handler);
        if (action == null) {
            throw new ProbeException(EBUSY, "irq " + line.number() + " has a handler already");
        }
        resources.add(action, task -> execution.interrupts().free(task, line, action));
    }

    @Override
    public synchronized Dma dma() {
        if (dma == null) {
            resources.checkOpen();
            dma = new DeviceDma(device.iommuDomain(), new Pages(), new DmaReports(execution, driver));
        }
        return dma;
    }

    @Override
    public synchronized BlockServices block() {
        if (disks == null) {
            resources.checkOpen();
            disks = registry.blockLayer().newDriverDisks(new DiskOwner());
        }
        return disks;
    }

    @Override
    public void addAction(String name, Work.Function action) {
        resources.add(name, action::run);
    }

    private InterruptLine line(int index) {
        if (index < 0 || index >= device.interruptLines().size()) {
            throw new ProbeException(EINVAL, device.name() + " has no interrupt line " + index);
        }
        return device.interruptLines().get(index);
    }

    // ---- ModuleServices

    @Override
    public String moduleName() {
        return module.name();
    }

    @Override
    public ProcessContext initContext() {
        Task task = initTask;
        if (task == null) {
            throw new IllegalStateException("initialisation of " + device.name() + " is over");
        }
        return task;
    }

    @Override
    public SpinLock spinLock(String name) {
        return execution.newSpinLock(name);
    }

    @Override
    public Mutex mutex(String name) {
        return execution.newMutex(name, this::isGone, this::ownWaitQueue);
    }

    @Override
    public WaitQueue waitQueue(String name) {
        WaitQueueHead queue = execution.newWaitQueue(name, this::isGone);
        ownWaitQueue(queue);
        return queue;
    }

    private synchronized void ownWaitQueue(WaitQueueHead queue) {
        waitQueues.add(queue);
    }

    private boolean isGone() {
        return gone || !device.isPresent();
    }

    @Override
    public Tasklet tasklet(String name, Tasklet.Function function) {
        SoftTasklet tasklet = new SoftTasklet(name, false, function);
        resources.add(tasklet, task -> {
            tasklet.disableForGood();
            tasklet.kill(task);
        });
        return tasklet;
    }

    @Override
    public Work work(String name, Work.Function function) {
        WorkQueue.Item item = execution.workQueue().newItem(name, function);
        resources.add(item, task -> {
            item.disableForGood();
            item.cancel(task);
        });
        return item;
    }

    @Override
    public DelayedWork delayedWork(String name, Work.Function function) {
        DelayedItem item = execution.workQueue().newDelayedItem(name, function);
        resources.add(item, task -> {
            item.disableForGood();
            item.cancel(task);
        });
        return item;
    }

    @Override
    public Completion completion(String name) {
        return execution.newCompletion(name, this::cannotComplete, this::ownWaitQueue);
    }

    /** While calls are turned out nobody waits in them; the driver's own farewell may wait for a device that is there. */
    private boolean cannotComplete() {
        return revoking || !device.isPresent();
    }

    @Override
    public KernelThread thread(String name, KernelThread.Function function) {
        resources.checkOpen();
        StoppableThread thread = execution.startStoppableThread(name, function);
        resources.add(thread, thread::stop);
        return thread;
    }

    @Override
    public KernelTimer timer(String name, KernelTimer.Function function) {
        SoftTimer timer = new SoftTimer(function);
        resources.add(timer, task -> {
            timer.disableForGood();
            timer.cancelAndWait(task);
        });
        return timer;
    }

    @Override
    public KernelMemory allocate(long sizeBytes, Gfp flags) {
        resources.checkOpen();
        KernelMemory memory = registry.memory().allocate(module.name(), sizeBytes, flags);
        if (memory != null) {
            resources.addMemory(memory, task -> registry.memory().freeIfOwned(module.name(), memory));
        }
        return memory;
    }

    @Override
    public void free(KernelMemory memory) {
        resources.remove(memory);
        registry.memory().free(module.name(), memory);
    }

    @Override
    public void onRelease(Consumer<ProcessContext> action) {
        resources.add(action, action::accept);
    }

    @Override
    public KernelLog log() {
        return log;
    }

    @Override
    public String toString() {
        return driver + " " + device.name();
    }

    /** Whose disks they are. */
    private final class DiskOwner implements BlockOwner {
        @Override
        public LoadedModule module() {
            return module;
        }

        @Override
        public String driver() {
            return driver;
        }

        @Override
        public void onRelease(Object what, Consumer<Task> release) {
            resources.add(what, release);
        }
    }

    /** Where coherent memory comes from. */
    private final class Pages implements DmaOwner {
        @Override
        public KernelMemory allocatePages(long sizeBytes) {
            return registry.memory().allocatePages(module.name(), sizeBytes);
        }

        @Override
        public void freePages(KernelMemory pages) {
            registry.memory().free(module.name(), pages);
        }

        @Override
        public boolean isMemory(long physicalAddress, long bytes) {
            return execution.machine().memory().contains(physicalAddress, bytes);
        }

        @Override
        public void acquired(Object what, Consumer<Task> release) {
            resources.add(what, release);
        }

        @Override
        public boolean givenBack(Object what) {
            return resources.remove(what);
        }
    }

    /** The register window; each access is a point and an event of the trace. */
    private final class Window implements IoMemory {
        @Override
        public int read(Context context, Register.Readable register) {
            int value = device.read32(register.offset());
            if (execution.trace().isOn()) {
                execution.trace(
                        context,
                        TraceEvent.REGISTER_READ,
                        register.offset(),
                        value & 0xffff_ffffL,
                        device.name() + " " + register.name());
            }
            ((KernelContext) context).cpu().point(Point.REGISTER_ACCESS);
            return value;
        }

        @Override
        public void write(Context context, Register.Writable register, int value) {
            if (execution.trace().isOn()) {
                execution.trace(
                        context,
                        TraceEvent.REGISTER_WRITE,
                        register.offset(),
                        value & 0xffff_ffffL,
                        device.name() + " " + register.name());
            }
            device.write32(register.offset(), value);
            ((KernelContext) context).cpu().point(Point.REGISTER_ACCESS);
        }
    }
}
