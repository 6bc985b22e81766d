// SPDX-License-Identifier: Apache-2.0
/**
 * The C library of a simulated process: start code, memory, system calls, streams. It knows the processor and nothing else of the machine
 * (the man pages of section 2 and 3). Runs in user mode.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("1.0.0")
package userland.libc;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
