// SPDX-License-Identifier: Apache-2.0
package testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that gets a {@link TestKernel}. It is run twice with the same seed, on two instances of the test class; traces whose hashes differ
 * fail it, as does a splat in the kernel's log unless the test {@linkplain TestKernel#expectSplats expects} one.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Test
@ExtendWith(KernelExtension.class)
public @interface KernelTest {
    /** The seed of the schedule and of the devices; the system property {@code ubend.seed} overrides it. */
    long seed() default 1;

    int cpus() default 2;

    /** Further kernel parameters, such as {@code panic_on_oops=1}. */
    String[] parameters() default {};
}
