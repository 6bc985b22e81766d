// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import java.util.List;
import kernel.api.module.KernelModule;
import org.osgi.framework.Bundle;

/** How much a bundle may see of the rest, by what its manifest says (on x86: the privilege rings). */
enum Ring {
    /** The kernel, the hardware, the framework's own services and tools. */
    KERNEL,
    /** A module: the interfaces that drivers compile against, other modules, the names of registers. */
    MODULE,
    /** User programs: system calls, and other user programs. */
    USER;

    /** The manifest header of user programs; its value is {@code 3}. */
    static final String HEADER = "Kernel-Ring";

    private static final String USER_API = "kernel.uapi";
    /** What a bundle needs to publish something. */
    private static final List<String> FRAMEWORK_API =
            List.of("org.osgi.framework", "org.osgi.service.component", "org.osgi.util.tracker");

    /** A tool that builds bundles may write imports of the language's own packages into the manifest, or leave them out. */
    private static final List<String> LANGUAGE = List.of("java", "javax");

    private static final List<String> CLOSED_TO_MODULES =
            List.of("kernel.core", "kernel.vfs", "shell", "launcher", "testkit", "userland");

    static Ring of(Bundle bundle) {
        if ("3".equals(bundle.getHeaders("").get(HEADER))) {
            return USER;
        }
        return bundle.getHeaders("").get(KernelModule.HEADER) != null ? MODULE : KERNEL;
    }

    /** Whether a bundle of this ring may use a package of a bundle of that ring. */
    boolean mayImport(String packageName, Ring exporter) {
        return switch (this) {
            case KERNEL -> true;
            case MODULE -> exporter != USER && !isBelow(packageName, CLOSED_TO_MODULES);
            case USER ->
                exporter == USER
                        || packageName.equals(USER_API)
                        || isBelow(packageName, FRAMEWORK_API)
                        || isBelow(packageName, LANGUAGE);
        };
    }

    /** Whether a bundle of this ring may take in all of a bundle of that ring, by Require-Bundle or as its fragment. */
    boolean mayJoin(Ring other) {
        return this == other;
    }

    /** Whether a bundle of this ring may see services of that ring. */
    boolean maySee(Ring publisher) {
        return this != USER || publisher == USER;
    }

    private static boolean isBelow(String packageName, List<String> roots) {
        return roots.stream().anyMatch(root -> packageName.equals(root) || packageName.startsWith(root + '.'));
    }

    /** What is said to somebody who may not, in one line. */
    String refusal(String bundle, String wanted) {
        return switch (this) {
            case USER ->
                "ring 3: bundle " + bundle + " may not import " + wanted
                        + ": user programs reach the kernel by system calls only";
            case MODULE ->
                "module: bundle " + bundle + " may not import " + wanted
                        + ": drivers see kernel.api and the names of registers only";
            case KERNEL -> "bundle " + bundle + " may import " + wanted;
        };
    }
}
