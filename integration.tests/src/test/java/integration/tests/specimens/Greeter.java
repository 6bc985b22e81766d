// SPDX-License-Identifier: Apache-2.0
package integration.tests.specimens;

import java.util.function.Supplier;
import org.osgi.service.component.annotations.Component;

/** A component of a bundle that a test makes. */
@Component(service = Supplier.class)
public final class Greeter implements Supplier<String> {
    @Override
    public String get() {
        return "hello from " + getClass().getClassLoader();
    }
}
