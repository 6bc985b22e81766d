// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import java.util.ArrayList;
import java.util.List;

/** A disk as a whole and in parts. Changed under the registry's lock, one scan at a time. */
final class PartitionMap {
    private final GenericDisk disk;
    private final BlockPart whole;
    private volatile List<BlockPart> parts = List.of();

    PartitionMap(GenericDisk disk) {
        this.disk = disk;
        whole = new BlockPart(disk, disk.name(), 0, 0);
    }

    BlockPart whole() {
        return whole;
    }

    /** The partitions, by number. */
    List<BlockPart> parts() {
        return parts;
    }

    /** The whole disk and its partitions. */
    List<BlockPart> all() {
        List<BlockPart> all = new ArrayList<>();
        all.add(whole);
        all.addAll(parts);
        return all;
    }

    void setParts(List<BlockPart> newParts) {
        parts = List.copyOf(newParts);
    }

    /** The name of a partition: a {@code p} keeps its number apart from that of the disk. */
    String nameOf(int number) {
        String name = disk.name();
        return Character.isDigit(name.charAt(name.length() - 1)) ? name + "p" + number : name + number;
    }
}
