// SPDX-License-Identifier: Apache-2.0
package kernel.api.module;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Header;

/**
 * Makes a bundle a kernel module. Put once, on the module's root package; it writes the manifest headers that modinfo
 * shows (Linux: MODULE_LICENSE, MODULE_DESCRIPTION and friends).
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.PACKAGE)
@Header(
        name = KernelModule.HEADER,
        value = "${#name};description=\"${#description}\";license=\"${#license}\";alias=\"${#alias}\"")
public @interface KernelModule {
    /** The manifest header: the name, then {@code description}, {@code license} and {@code alias} as attributes. */
    String HEADER = "Kernel-Module";

    /** The name for insmod's answers, lsmod and modprobe; lower case, digits and underscores. */
    String name();

    String description();

    String license();

    /** The devices that the module drives, and other names that modprobe takes for it. */
    String[] alias() default {};
}
