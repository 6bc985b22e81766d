// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import drivers.ssd.AdminQueue.Reply;
import hardware.ssd.registers.AdminOpcode;
import hardware.ssd.registers.AsyncEvent;
import hardware.ssd.registers.HealthLog;
import hardware.ssd.registers.SubmissionEntry;
import java.nio.ByteBuffer;
import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.api.device.BoundDevice;
import kernel.api.interrupt.Work;
import kernel.api.module.KernelLog;

/** What the controller tells unasked: one request is always under way, and each that comes back is handled by a work item (Linux: nvme_async_event_work). */
final class AsyncEvents {
    private static final int KELVIN_OF_ZERO_CELSIUS = 273;
    private static final int LOG_PAGE_MASK = 0xff;
    private static final int LOG_BYTES = 4096;

    private final Controller controller;
    private final Namespaces namespaces;
    private final KernelLog log;
    private final Work work;
    private volatile int event;

    AsyncEvents(BoundDevice device, Controller controller, Namespaces namespaces) {
        this.controller = controller;
        this.namespaces = namespaces;
        log = device.log();
        work = device.work("ssd event", this::handle);
    }

    /** Asks to be told. After each start of the controller. Any context. */
    void arm(Context context) {
        AdminCommand request = AdminCommand.of(AdminOpcode.ASYNC_EVENT_REQUEST, 0, 0, 0);
        if (!controller.admin().submit(context, request, this::happened)) {
            log.warn("no room for an asynchronous event request");
        }
    }

    /** An event in progress is waited for. May sleep. */
    void stop(ProcessContext context) {
        work.cancel(context);
    }

    private void happened(Context context, Reply reply) {
        if (reply.isSuccess()) {
            event = reply.result();
            work.queue(context);
        } else if (reply.status() > 0) {
            log.warn("asynchronous event request: " + reply.text());
        }
    }

    private void handle(ProcessContext context) {
        int result = event;
        int page = result >>> AsyncEvent.RESULT_LOG_PAGE_SHIFT & LOG_PAGE_MASK;
        ByteBuffer data = AdminQueue.newBuffer(LOG_BYTES);
        // Reading the page lets the controller tell of the next such event.
        Reply reply = controller
                .admin()
                .read(context, AdminCommand.log(page, SubmissionEntry.ALL_NAMESPACES, LOG_BYTES), data);
        switch (result & AsyncEvent.RESULT_TYPE) {
            case AsyncEvent.TYPE_NOTICE -> namespaces.scanLater(context);
            case AsyncEvent.TYPE_HEALTH -> tellHealth(reply, data);
            default -> log.warn("asynchronous event 0x%x, see log page %d".formatted(result, page));
        }
        if (reply.status() >= 0) {
            arm(context);
        }
    }

    private void tellHealth(Reply reply, ByteBuffer data) {
        if (!reply.isSuccess()) {
            log.warn("health log: " + reply.text());
            return;
        }
        int warning = data.get(HealthLog.CRITICAL_WARNING);
        tell(
                warning & HealthLog.WARNING_SPARE,
                "available spare %d%%, below %d%%"
                        .formatted(data.get(HealthLog.AVAILABLE_SPARE), data.get(HealthLog.SPARE_THRESHOLD)));
        tell(
                warning & HealthLog.WARNING_TEMPERATURE,
                "temperature %d Celsius"
                        .formatted((data.getShort(HealthLog.TEMPERATURE) & 0xffff) - KELVIN_OF_ZERO_CELSIUS));
        tell(
                warning & HealthLog.WARNING_RELIABILITY,
                "the medium is not reliable any more, %d%% of its endurance used"
                        .formatted(data.get(HealthLog.PERCENTAGE_USED) & 0xff));
        tell(warning & HealthLog.WARNING_READ_ONLY, "the medium takes no more writes");
    }

    private void tell(int warning, String text) {
        if (warning != 0) {
            log.warn("critical warning: " + text);
        }
    }
}
