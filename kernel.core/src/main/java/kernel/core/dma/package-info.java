// SPDX-License-Identifier: Apache-2.0
/** How devices reach memory, as their drivers arrange it, and what is said of those who do it wrongly (Linux: kernel/dma). Callable in any context. */
package kernel.core.dma;
