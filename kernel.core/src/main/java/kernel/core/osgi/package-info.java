// SPDX-License-Identifier: Apache-2.0
/**
 * The kernel in an OSGi framework: modules are bundles, drivers are component factories, devices and programs are services.
 * Code here runs in process context, on kernel threads or on the host's threads, and never calls the framework with a kernel lock
 * held that a callback of the framework might want.
 */
package kernel.core.osgi;
