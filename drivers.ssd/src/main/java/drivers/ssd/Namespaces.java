// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import drivers.ssd.AdminQueue.Reply;
import hardware.ssd.registers.IdentifyCommand;
import hardware.ssd.registers.SubmissionEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import kernel.api.block.Disk;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.device.BoundDevice;
import kernel.api.device.ProbeException;
import kernel.api.interrupt.Work;
import kernel.api.lock.Mutex;
import kernel.api.module.KernelLog;

/** The controller's namespaces as disks: the first one is {@code ssd0}, the second {@code ssd0n2} and so on. Scanned again when the controller says so. */
final class Namespaces {
    /** A namespace that is a disk. */
    private record Attached(NamespaceFormat format, Disk disk) {}

    private static final int FIRST = 1;

    private final BoundDevice device;
    private final Controller controller;
    private final KernelLog log;
    private final String stem;
    private final Work scanWork;
    private final Mutex mutex;
    // Guarded by the mutex.
    private final TreeMap<Integer, Attached> attached = new TreeMap<>();
    /** Those that are new disks at the next scan; {@link SubmissionEntry#ALL_NAMESPACES} for all. */
    private final Set<Integer> formatted = new ConcurrentSkipListSet<>();

    Namespaces(BoundDevice device, Controller controller) {
        this.device = device;
        this.controller = controller;
        log = device.log();
        stem = "ssd" + device.block().takeNumber("ssd");
        mutex = device.mutex("ssd namespaces");
        scanWork = device.work("ssd scan", this::scan);
    }

    /** Scans soon. Any context. */
    void scanLater(Context context) {
        scanWork.queue(context);
    }

    /** One has been formatted, or all: what is known of it does not hold any more, and neither does what anybody remembers of its contents. */
    void forgetContents(Context context, int id) {
        formatted.add(id);
        scanLater(context);
    }

    /** Scans no more; a scan in progress is waited for. May sleep. */
    void stop(ProcessContext context) {
        scanWork.cancel(context);
    }

    /** Makes the disks match the namespaces. Without an answer of the controller all stays as it is. May sleep. */
    void scan(ProcessContext context) {
        mutex.lock(context);
        try {
            List<Integer> present = activeList(context);
            if (present == null) {
                return;
            }
            boolean all = formatted.remove(SubmissionEntry.ALL_NAMESPACES);
            for (int id : List.copyOf(attached.keySet())) {
                boolean anew = formatted.remove(id) || all;
                if (anew || !present.contains(id)) {
                    remove(context, id);
                }
            }
            for (int id : present) {
                look(context, id);
            }
        } finally {
            mutex.unlock(context);
        }
    }

    /** The controller is no more. May sleep. */
    void removeAll(ProcessContext context) {
        mutex.lock(context);
        try {
            for (int id : List.copyOf(attached.keySet())) {
                remove(context, id);
            }
        } finally {
            mutex.unlock(context);
        }
    }

    private List<Integer> activeList(ProcessContext context) {
        ByteBuffer page = AdminQueue.newBuffer(IdentifyCommand.BYTES);
        Reply reply =
                controller.admin().read(context, AdminCommand.identify(IdentifyCommand.CNS_ACTIVE_NAMESPACES, 0), page);
        if (!reply.isSuccess()) {
            log.warn("list of namespaces: " + reply.text());
            return null;
        }
        List<Integer> ids = new ArrayList<>();
        int previous = 0;
        while (page.hasRemaining()) {
            int id = page.getInt();
            if (id <= previous) {
                break;
            }
            ids.add(id);
            previous = id;
        }
        return ids;
    }

    private void look(ProcessContext context, int id) {
        ByteBuffer page = AdminQueue.newBuffer(IdentifyCommand.BYTES);
        Reply reply = controller.admin().read(context, AdminCommand.identify(IdentifyCommand.CNS_NAMESPACE, id), page);
        if (!reply.isSuccess()) {
            log.warn("namespace %d: %s".formatted(id, reply.text()));
            return;
        }
        NamespaceFormat format = NamespaceFormat.of(id, page);
        Attached known = attached.get(id);
        if (known != null && format != null && known.format.isLike(format)) {
            if (known.format.blocks() != format.blocks()) {
                known.disk.setSectors(context, format.sectors());
                attached.put(id, new Attached(format, known.disk));
            }
            return;
        }
        if (known != null) {
            remove(context, id);
        }
        if (format == null) {
            log.warn("namespace %d has a size or a format that this driver does not know".formatted(id));
        } else {
            add(context, format);
        }
    }

    private void add(ProcessContext context, NamespaceFormat format) {
        String name = format.id() == FIRST ? stem : stem + "n" + format.id();
        try {
            Disk disk = device.block()
                    .addDisk(
                            context,
                            controller.tags(),
                            name,
                            format.sectors(),
                            format.limits(controller.identity()),
                            format);
            attached.put(format.id(), new Attached(format, disk));
            log.info("/dev/%s: %d blocks of %d bytes%s"
                    .formatted(
                            name, format.blocks(), 1 << format.blockShift(), format.readOnly() ? ", read-only" : ""));
        } catch (ProbeException e) {
            log.error("namespace %d: %s".formatted(format.id(), e.getMessage()));
        }
    }

    private void remove(ProcessContext context, int id) {
        Attached gone = attached.remove(id);
        gone.disk.remove(context);
        log.info("/dev/%s: removed".formatted(gone.disk.name()));
    }
}
