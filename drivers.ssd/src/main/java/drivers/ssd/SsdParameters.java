// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** The module's parameters, as the component gets them. */
@Retention(RetentionPolicy.RUNTIME)
@interface SsdParameters {
    /** I/O queues; 0: one for each processor. */
    int queues() default 0;

    /** Commands in flight on each I/O queue. */
    int queue_depth() default 127;

    /** Seconds that a request may take. */
    int io_timeout() default 30;

    /** Seconds that an admin command may take. */
    int admin_timeout() default 60;

    /** How often a request that failed is sent again. */
    int max_retries() default 5;

    /** Completions that an interrupt waits for; 1 for none. */
    int coalesce_completions() default 1;

    /** Microseconds that it waits for them at most. */
    int coalesce_us() default 100;
}
