// SPDX-License-Identifier: Apache-2.0
package integration.tests.specimens;

import integration.tests.framework.InFramework;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A test class whose test is fine and whose preparation is not. */
@InFramework(bundles = {})
public class WrongSetup {
    @BeforeEach
    void fails() {
        throw new IllegalStateException("not prepared");
    }

    @Test
    void isNeverReached() {}
}
