// SPDX-License-Identifier: Apache-2.0
/** Processes: creation, exec, exit, signals, the system-call table (Linux: kernel/fork.c, exit.c, signal.c, fs/exec.c). Process context. */
package kernel.core.process;
