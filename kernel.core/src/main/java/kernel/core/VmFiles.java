// SPDX-License-Identifier: Apache-2.0
package kernel.core;

import static kernel.uapi.Errno.EINVAL;

import kernel.api.context.ProcessContext;
import kernel.core.cache.PageCache;
import kernel.core.fs.ProcTable;

/** The files of /proc/sys/vm (Linux: Documentation/admin-guide/sysctl/vm.rst). */
final class VmFiles {
    private static final String DIRECTORY = "sys/vm/";
    private static final int DROP_MAX = 4;

    private final PageCache cache;

    VmFiles(PageCache cache) {
        this.cache = cache;
    }

    void enter(ProcTable table) {
        for (String name : cache.settings().names()) {
            table.create(
                    DIRECTORY + name,
                    () -> cache.settings().get(name) + "\n",
                    (context, text) -> set(name, number(text)));
        }
        table.create(DIRECTORY + "drop_caches", () -> "0\n", this::dropCaches);
    }

    private int set(String name, long value) {
        if (!cache.settings().set(name, value)) {
            return -EINVAL;
        }
        cache.writeback().settingsChanged();
        return 0;
    }

    /** 1 for pages, 2 for names and inodes, 3 for both; names that are kept are few here. */
    private int dropCaches(ProcessContext context, String text) {
        long what = number(text);
        if (what < 1 || what > DROP_MAX) {
            return -EINVAL;
        }
        if ((what & 1) != 0) {
            cache.dropCaches(context);
        }
        return 0;
    }

    /** -1 for what is no number. */
    private static long number(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
