// SPDX-License-Identifier: Apache-2.0
/**
 * The solid state disk's driver: the namespaces of a controller as disks (Linux: drivers/nvme/host). Read {@link drivers.ssd.SsdDriver} first, then
 * {@link drivers.ssd.IoQueue} for the way of a request and {@link drivers.ssd.Controller} for what happens when one does not come back.
 */
@KernelModule(
        name = "ssd",
        description = "Solid state disk, NVM Express 1.4",
        license = "Apache-2.0",
        alias = "ubend,ssd")
@ModuleParameter(name = "queues", type = "uint", description = "I/O queues (default 0: one for each processor)")
@ModuleParameter(
        name = "queue_depth",
        type = "uint",
        description = "Commands in flight on each I/O queue, 2 to 1023 (default 127)")
@ModuleParameter(name = "io_timeout", type = "uint", description = "Seconds that a request may take (default 30)")
@ModuleParameter(
        name = "admin_timeout",
        type = "uint",
        description = "Seconds that an admin command may take (default 60)")
@ModuleParameter(
        name = "max_retries",
        type = "uint",
        description = "How often a request that failed is sent again, 0 to 5 (default 5)")
@ModuleParameter(
        name = "coalesce_completions",
        type = "uint",
        description = "Completions that an interrupt waits for, 1 to 256 (default 1: none)")
@ModuleParameter(
        name = "coalesce_us",
        type = "uint",
        description = "Microseconds that it waits for them at most, up to 25500, in steps of 100 (default 100)")
package drivers.ssd;

import kernel.api.module.KernelModule;
import kernel.api.module.ModuleParameter;
