// SPDX-License-Identifier: Apache-2.0
package kernel.core.trace;

/** The kinds of events of a trace, with the names and groups of Linux's tracepoints where it has them. */
public enum TraceEvent {
    SYS_ENTER("sys_enter"),
    SYS_EXIT("sys_exit"),
    LOOKUP("vfs_lookup"),
    DRIVER_ENTER("driver_enter"),
    DRIVER_EXIT("driver_exit"),
    REGISTER_READ("ioread32"),
    REGISTER_WRITE("iowrite32"),
    DEVICE_STEP("device"),
    DMA("dma"),
    LINE_RAISED("irq_raise"),
    IRQ_ENTRY("irq_handler_entry"),
    IRQ_EXIT("irq_handler_exit"),
    SOFTIRQ_RAISE("softirq_raise"),
    SOFTIRQ_ENTRY("softirq_entry"),
    SOFTIRQ_EXIT("softirq_exit"),
    TASKLET_ENTRY("tasklet_entry"),
    TASKLET_EXIT("tasklet_exit"),
    WORK_QUEUE("workqueue_queue_work"),
    WORK_START("workqueue_execute_start"),
    WORK_END("workqueue_execute_end"),
    TIMER_EXPIRE("timer_expire_entry"),
    SLEEP("sched_sleep"),
    SWITCH("sched_switch"),
    WAKEUP("sched_wakeup"),
    FORK("sched_process_fork"),
    EXEC("sched_process_exec"),
    EXIT("sched_process_exit"),
    SIGNAL("signal_generate"),
    COPY_TO_USER("copy_to_user"),
    COPY_FROM_USER("copy_from_user"),
    LOCK_CONTENDED("contention_begin"),
    BLOCK_BIO_QUEUE("block_bio_queue"),
    BLOCK_REQUEST_INSERT("block_rq_insert"),
    BLOCK_REQUEST_MERGE("block_bio_backmerge"),
    BLOCK_REQUEST_ISSUE("block_rq_issue"),
    BLOCK_REQUEST_REQUEUE("block_rq_requeue"),
    BLOCK_REQUEST_COMPLETE("block_rq_complete"),
    MODULE_LOAD("module_load"),
    MODULE_FREE("module_free"),
    LOG("console");

    private final String linuxName;

    TraceEvent(String linuxName) {
        this.linuxName = linuxName;
    }

    /** The name as /sys/kernel/tracing shows it. */
    public String linuxName() {
        return linuxName;
    }
}
