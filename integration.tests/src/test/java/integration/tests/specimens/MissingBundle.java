// SPDX-License-Identifier: Apache-2.0
package integration.tests.specimens;

import integration.tests.framework.InFramework;
import org.junit.jupiter.api.Test;

/** A test class that asks for a bundle that nobody has. */
@InFramework(bundles = "no.such.bundle")
public class MissingBundle {
    @Test
    void isNeverReached() {}
}
