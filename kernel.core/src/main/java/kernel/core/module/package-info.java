// SPDX-License-Identifier: Apache-2.0
/** Modules: references, parameters, holders, life cycle (Linux: kernel/module). Process context. */
package kernel.core.module;
