// SPDX-License-Identifier: Apache-2.0
package kernel.api.module;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Header;

/**
 * Declares a parameter of a kernel module, on the module's root package; it writes the manifest lines that modinfo shows
 * and against which insmod checks what it is given (Linux: module_param, MODULE_PARM_DESC). The value reaches a driver component as a property
 * of that name, and under the name with dots for underscores, which is what the component property type method {@code conversion_us()} reads.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.PACKAGE)
@Repeatable(ModuleParameter.List.class)
@Header(name = ModuleParameter.HEADER, value = "${#name};type=${#type};description=\"${#description}\"")
public @interface ModuleParameter {
    /** The manifest header: the names, each with {@code type} and {@code description} as attributes. */
    String HEADER = "Module-Parameter";

    String name();

    /** One of {@code int}, {@code uint}, {@code long}, {@code bool}, {@code charp}. */
    String type();

    String description();

    /** Several parameters. */
    @Retention(RetentionPolicy.CLASS)
    @Target(ElementType.PACKAGE)
    @interface List {
        ModuleParameter[] value();
    }
}
