// SPDX-License-Identifier: Apache-2.0
/**
 * A JUnit Jupiter extension that runs a test class inside an OSGi framework (Felix in Pax Exam's native container), and
 * what such a test needs to install, reload and remove bundles. Outside and inside see the same classes of this
 * package; everything else that a test names is loaded by the framework.
 */
package integration.tests.framework;
