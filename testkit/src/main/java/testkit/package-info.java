// SPDX-License-Identifier: Apache-2.0
/**
 * A kernel inside a JUnit test: deterministic unless asked otherwise, in virtual time, every test run twice and the trace hashes compared.
 * Called on the test's thread, outside of the machine.
 */
@Export
@Version("1.0.0")
package testkit;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
