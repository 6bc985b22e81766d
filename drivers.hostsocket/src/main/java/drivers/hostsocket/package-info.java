// SPDX-License-Identifier: Apache-2.0
/**
 * The host socket's driver: each port is a character device that behaves like a connected stream socket (Linux: net/socket.c, and
 * drivers/char/virtio_console.c for the shape). Process context except where a method takes another one.
 */
@KernelModule(
        name = "hostsocket",
        description = "Connections of host programs as character devices",
        license = "Apache-2.0",
        alias = "ubend,hostsocket")
package drivers.hostsocket;

import kernel.api.module.KernelModule;
