// SPDX-License-Identifier: Apache-2.0
/** The controller: queues, commands, interrupts and the firmware that moves them, on the machine's timeline (Linux's counterpart: drivers/nvme/host/pci.c). */
package hardware.ssd.controller;
