// SPDX-License-Identifier: Apache-2.0
/** Pages, kernel memory and address spaces (Linux: mm/page_alloc.c, mm/slub.c, mm/memory.c). Every context, except for user memory: process context. */
package kernel.core.memory;
