// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

import static kernel.uapi.Errno.EACCES;
import static kernel.uapi.Errno.ENODEV;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import kernel.api.context.ProcessContext;

/**
 * What /sys shows: attributes, each a short text made anew at each open, some of which can be written (Linux: struct attribute). Each part of the kernel
 * enters its own and takes them out again. Thread-safe.
 */
public final class SysTable implements TextTable {
    private record Attribute(Supplier<String> text, Writer writer) {}

    private final ConcurrentSkipListMap<String, Attribute> attributes = new ConcurrentSkipListMap<>();

    /**
     * Enters an attribute that can only be read.
     *
     * @param path below /sys, such as {@code block/ssd0/size}
     * @param text must not sleep; ends with a line end
     */
    public void create(String path, Supplier<String> text) {
        attributes.put(path, new Attribute(text, null));
    }

    /** Enters an attribute that can be written, too. */
    public void create(String path, Supplier<String> text, Writer writer) {
        attributes.put(path, new Attribute(text, writer));
    }

    /** Takes out the attribute of that path and all below it. */
    public void remove(String path) {
        attributes.remove(path);
        attributes.subMap(path + "/", path + "0").clear(); // '0' follows '/'
    }

    @Override
    public List<String> paths() {
        return List.copyOf(attributes.keySet());
    }

    @Override
    public boolean contains(String path) {
        return attributes.containsKey(path);
    }

    @Override
    public boolean isDirectory(String path) {
        String first = path.isEmpty() ? attributes.ceilingKey("") : attributes.ceilingKey(path + "/");
        return first != null && (path.isEmpty() || first.startsWith(path + "/"));
    }

    @Override
    public boolean isWritable(String path) {
        Attribute attribute = attributes.get(path);
        return attribute != null && attribute.writer() != null;
    }

    @Override
    public String text(String path) {
        Attribute attribute = attributes.get(path);
        return attribute == null ? null : attribute.text().get();
    }

    @Override
    public int write(ProcessContext context, String path, String text) {
        Attribute attribute = attributes.get(path);
        if (attribute == null) {
            return -ENODEV;
        }
        if (attribute.writer() == null) {
            return -EACCES;
        }
        return attribute.writer().store(context, text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
    }
}
