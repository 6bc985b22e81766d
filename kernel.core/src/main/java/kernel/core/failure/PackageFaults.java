// SPDX-License-Identifier: Apache-2.0
package kernel.core.failure;

import java.util.List;

/** As long as nobody keeps a table of modules: a driver is named by its package, {@code drivers.NAME}. */
final class PackageFaults implements FaultListener {
    private static final String PREFIX = "drivers.";

    @Override
    public String moduleOf(StackTraceElement frame) {
        String name = frame.getClassName();
        int end = name.indexOf('.', PREFIX.length());
        return name.startsWith(PREFIX) && end > 0 ? name.substring(PREFIX.length(), end) : null;
    }

    @Override
    public List<String> modulesLinkedIn() {
        return List.of();
    }

    @Override
    public void faulted(String module) {
        // There is no table to mark it in.
    }
}
