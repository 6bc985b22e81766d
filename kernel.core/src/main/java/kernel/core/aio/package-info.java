// SPDX-License-Identifier: Apache-2.0
/** Asynchronous input and output by io_submit, and eventfd (Linux: fs/aio.c, fs/eventfd.c). Process context, but for the ends of transfers. */
package kernel.core.aio;
