// SPDX-License-Identifier: Apache-2.0
/**
 * The rules of the house (who may depend on whom, what a manifest says) and the bundles in a real framework. A {@code
 * *Test} reads class files and sources, an {@code *IT} needs the jars.
 */
package integration.tests;
