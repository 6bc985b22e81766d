// SPDX-License-Identifier: Apache-2.0
/** What happens and what is said when kernel code fails: oops, panic, taint (Linux: kernel/panic.c, arch/x86/kernel/dumpstack.c). Every context. */
@Export
@Version("1.0.0")
package kernel.core.failure;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
