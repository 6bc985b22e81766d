// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import userland.libc.DirectoryEntry;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemCallException;

/** lsblk(8): disks and their partitions, out of /sys/block and /proc/mounts. */
final class Lsblk implements Program {
    static final String USAGE = """
            Usage: lsblk [-bdlnp] [DEVICE...]
            List disks and their partitions.

              -b   sizes in bytes
              -d   disks only
              -l   as a list
              -n   no headings
              -p   whole paths
            """;
    /** None of the devices was found (util-linux: LSBLK_EXIT_NOTFOUND), or some were. */
    private static final int NOT_FOUND = 32;

    private static final int SOME_FOUND = 64;
    private static final String ROOT = "/sys/block";
    private static final List<String> HEADINGS = List.of("NAME", "MAJ:MIN", "RM", "SIZE", "RO", "TYPE", "MOUNTPOINTS");
    /** Which columns stand at the right. */
    private static final Set<Integer> RIGHT = Set.of(2, 3, 4);

    private static final int SECTOR_SHIFT = 9;
    private static final String UNITS = "BKMGTP";

    private final List<String[]> rows = new ArrayList<>();
    private Libc libc;
    private Options options;
    private List<String> mounts = List.of();

    @Override
    public int main(Libc ownLibc, String[] arguments) {
        libc = ownLibc;
        options = Options.parse(arguments, "bdlnp");
        mounts = mountLines();
        int missing = 0;
        if (options.operands().isEmpty()) {
            disks().forEach(disk -> addDisk(disk, true));
        }
        for (String operand : options.operands()) {
            if (!add(operand.substring(operand.lastIndexOf('/') + 1))) {
                libc.warn(operand + ": not a block device");
                missing++;
            }
        }
        print();
        if (missing == 0) {
            return 0;
        }
        return missing == options.operands().size() ? NOT_FOUND : SOME_FOUND;
    }

    private List<String> mountLines() {
        try {
            return TextFiles.lines(libc, "/proc/mounts");
        } catch (SystemCallException e) {
            return List.of();
        }
    }

    private List<String> names(String directory) {
        List<String> names = new ArrayList<>();
        try {
            for (DirectoryEntry entry : libc.listDirectory(directory)) {
                if (!entry.name().startsWith(".")) {
                    names.add(entry.name());
                }
            }
        } catch (SystemCallException.NoSuchFile e) {
            return List.of();
        }
        return names;
    }

    private List<String> disks() {
        List<String> disks = names(ROOT);
        disks = new ArrayList<>(disks);
        disks.sort(null);
        return disks;
    }

    /** The partitions of a disk in the order of their numbers. */
    private List<String> partitions(String disk) {
        TreeMap<Long, String> byNumber = new TreeMap<>();
        for (String name : names(ROOT + "/" + disk)) {
            if (name.startsWith(disk)) {
                byNumber.put(TextFiles.number(libc, ROOT + "/" + disk + "/" + name + "/partition"), name);
            }
        }
        return List.copyOf(byNumber.values());
    }

    private boolean add(String name) {
        for (String disk : disks()) {
            if (disk.equals(name)) {
                addDisk(disk, !options.has('d'));
                return true;
            }
            if (partitions(disk).contains(name)) {
                addRow("", name, disk + "/" + name, "part");
                return true;
            }
        }
        return false;
    }

    private void addDisk(String disk, boolean withPartitions) {
        addRow("", disk, disk, disk.startsWith("loop") ? "loop" : "disk");
        if (!withPartitions || options.has('d')) {
            return;
        }
        List<String> partitions = partitions(disk);
        for (int i = 0; i < partitions.size(); i++) {
            String branch = i == partitions.size() - 1 ? "└─" : "├─";
            String name = partitions.get(i);
            addRow(options.has('l') ? "" : branch, name, disk + "/" + name, "part");
        }
    }

    private void addRow(String branch, String name, String path, String type) {
        String attributes = ROOT + "/" + path + "/";
        long bytes = TextFiles.number(libc, attributes + "size") << SECTOR_SHIFT;
        String disk = path.contains("/") ? path.substring(0, path.indexOf('/')) : path;
        rows.add(new String[] {
            branch + (options.has('p') ? "/dev/" : "") + name,
            numbers(TextFiles.value(libc, attributes + "dev")),
            TextFiles.value(libc, ROOT + "/" + disk + "/removable"),
            options.has('b') ? Long.toString(bytes) : size(bytes),
            TextFiles.value(libc, attributes + "ro"),
            type,
            mountPoint("/dev/" + name)
        });
    }

    /** Major and minor number with the colons below each other. */
    private static String numbers(String device) {
        int colon = device.indexOf(':');
        return colon < 0 ? device : "%3s:%-3s".formatted(device.substring(0, colon), device.substring(colon + 1));
    }

    /** One decimal unless it is 0, and a unit (util-linux: size_to_human_string). */
    static String size(long bytes) {
        int unit = 0;
        long whole = bytes;
        long rest = 0;
        while (whole >= 1024 && unit < UNITS.length() - 1) {
            rest = whole & 1023;
            whole >>= 10;
            unit++;
        }
        long tenths = (rest * 10 + 512) / 1024;
        if (tenths == 10) {
            whole++;
            tenths = 0;
        }
        if (whole == 1024 && unit < UNITS.length() - 1) {
            whole = 1;
            unit++;
        }
        return whole + (tenths == 0 ? "" : "." + tenths) + UNITS.charAt(unit);
    }

    private String mountPoint(String device) {
        for (String line : mounts) {
            String[] fields = line.split(" ", -1);
            if (fields.length > 1 && fields[0].equals(device)) {
                return fields[1];
            }
        }
        return "";
    }

    private void print() {
        if (rows.isEmpty()) {
            return;
        }
        if (!options.has('n')) {
            rows.addFirst(HEADINGS.toArray(String[]::new));
        }
        int[] widths = new int[HEADINGS.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = HEADINGS.get(column).length();
            for (String[] row : rows) {
                widths[column] = Math.max(widths[column], row[column].length());
            }
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String blanks = " ".repeat(widths[column] - row[column].length());
                boolean last = column == widths.length - 1;
                line.append(column == 0 ? "" : " ");
                line.append(RIGHT.contains(column) ? blanks + row[column] : row[column] + (last ? "" : blanks));
            }
            libc.stdout().println(line.toString());
        }
    }
}
