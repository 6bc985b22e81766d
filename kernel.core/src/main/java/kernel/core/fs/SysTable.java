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
public final class SysTable {
    /** What becomes of a text that a program wrote to an attribute. Process context, may sleep. */
    @FunctionalInterface
    public interface Writer {
        /**
         * Takes the text, without the line end that may have come with it.
         *
         * @return 0, or a negative errno: EINVAL for a text that makes no sense
         */
        int store(ProcessContext context, String text);
    }

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

    /** The paths below /sys, sorted. */
    public List<String> paths() {
        return List.copyOf(attributes.keySet());
    }

    /** Whether there is an attribute of exactly that path. */
    public boolean contains(String path) {
        return attributes.containsKey(path);
    }

    /** Whether there are attributes below that path. */
    public boolean isDirectory(String path) {
        String first = path.isEmpty() ? attributes.ceilingKey("") : attributes.ceilingKey(path + "/");
        return first != null && (path.isEmpty() || first.startsWith(path + "/"));
    }

    /** Whether the attribute of that path can be written. */
    public boolean isWritable(String path) {
        Attribute attribute = attributes.get(path);
        return attribute != null && attribute.writer() != null;
    }

    /** The text of an attribute as of now, or null when there is none. */
    public String text(String path) {
        Attribute attribute = attributes.get(path);
        return attribute == null ? null : attribute.text().get();
    }

    /**
     * Writes an attribute.
     *
     * @param text as it was written; one line end at its end is taken off
     * @return 0 or a negative errno: ENODEV when it has gone, EACCES when it cannot be written, or what its owner says
     */
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
