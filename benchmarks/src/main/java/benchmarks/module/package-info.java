// SPDX-License-Identifier: Apache-2.0
/** Modules in the framework, from insmod to the node in /dev and back. */
package benchmarks.module;
