// SPDX-License-Identifier: Apache-2.0
package integration.tests.framework;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs the test class inside an OSGi framework of its own, booted before the class and stopped after it.
 *
 * <p>Jupiter drives the class as it drives any other, but each of its constructors, lifecycle and test methods runs on
 * a twin that the framework loaded, out of a bundle made of the test classes. So the code of a test sees the bundles'
 * classes: a service that it gets has the type that it names. A method may take a {@link TestFramework} and the {@link
 * org.osgi.framework.BundleContext} of that bundle. What that means:
 *
 * <ul>
 *   <li>Refreshing a bundle whose classes the test names refreshes the test's own bundle and ends the test: name the
 *       kernel's interfaces, not the classes of the module under test.
 *   <li>The instance that Jupiter holds is only the key to its twin: field initialisers run twice, injected fields stay
 *       empty on the twin (take parameters), arguments can only be of types that both sides share (the JDK's, JUnit's,
 *       OSGi's, this package's), and a {@code @MethodSource} runs outside.
 * </ul>
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(FrameworkExtension.class)
public @interface InFramework {
    /**
     * Symbolic names of the bundles to install and start, in this order, after {@link #services()}; default: the
     * kernel.
     */
    String[] bundles() default {"hardware.machine", "kernel.api", "kernel.core", "kernel.vfs"};

    /** Symbolic names of the bundles beneath them; default: Declarative Services and what it needs. */
    String[] services() default {
        "org.osgi.util.function",
        "org.osgi.util.promise",
        "org.osgi.service.component",
        "org.apache.felix.log",
        "org.apache.felix.metatype",
        "org.apache.felix.configadmin",
        "org.apache.felix.scr"
    };

    /** Framework properties, each as {@code key=value}. */
    String[] properties() default {};
}
