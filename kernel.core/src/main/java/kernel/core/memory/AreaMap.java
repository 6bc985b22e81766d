// SPDX-License-Identifier: Apache-2.0
package kernel.core.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import kernel.api.context.ProcessContext;

/** The areas of an address space, in ascending order and without overlap (Linux: the tree of mm_struct). Changed by its own process only, read by anybody. */
final class AreaMap {
    private static final int PATH_COLUMN = 73;

    private final AddressSpace space;
    /** Replaced, never changed. */
    private volatile Area[] areas;

    AreaMap(AddressSpace space, Area... areas) {
        this.space = space;
        this.areas = areas;
        for (Area area : areas) {
            acquire(area);
        }
    }

    /** The areas as they are now; not to be changed. */
    Area[] list() {
        return areas;
    }

    /** The area of an address, or null. */
    Area at(long address) {
        for (Area area : areas) {
            if (area.contains(address)) {
                return area;
            }
        }
        return null;
    }

    boolean isFree(long from, long to) {
        for (Area area : areas) {
            if (area.overlaps(from, to)) {
                return false;
            }
        }
        return true;
    }

    /** The highest address at which so much is free below that, or -1 when it would lie below the floor. */
    long findFree(long length, long top, long floor) {
        long candidate = top - length;
        for (boolean moved = true; moved; ) {
            moved = false;
            for (Area area : areas) {
                if (area.overlaps(candidate, candidate + length)) {
                    candidate = area.start() - length;
                    moved = true;
                }
            }
        }
        return candidate < floor ? -1 : candidate;
    }

    /** The parts of areas in a range, in ascending order. */
    List<Area> parts(long from, long to) {
        List<Area> parts = new ArrayList<>();
        for (Area area : areas) {
            if (area.overlaps(from, to)) {
                parts.add(area.between(Math.max(area.start(), from), Math.min(area.end(), to)));
            }
        }
        return parts;
    }

    /** Whether every address of a range is in one of its parts. */
    static boolean covers(List<Area> parts, long from, long to) {
        long covered = from;
        for (Area part : parts) {
            if (part.start() > covered) {
                return false;
            }
            covered = part.end();
        }
        return covered >= to;
    }

    /** Cuts the range out of the areas and puts one in, or none. The file that loses its last area is closed, which may sleep. */
    void replace(ProcessContext context, long from, long to, Area fresh) {
        Area[] old = areas;
        List<Area> next = new ArrayList<>();
        List<Area> gone = new ArrayList<>();
        for (Area area : old) {
            if (!area.overlaps(from, to)) {
                next.add(area);
                continue;
            }
            gone.add(area);
            if (area.start() < from) {
                next.add(acquire(area.between(area.start(), from)));
            }
            if (area.end() > to) {
                next.add(acquire(area.between(to, area.end())));
            }
        }
        if (fresh != null) {
            next.add(acquire(fresh));
        }
        next.sort(Comparator.comparingLong(Area::start));
        areas = next.toArray(Area[]::new);
        gone.forEach(area -> release(context, area));
    }

    /** Takes all away. */
    void clear(ProcessContext context) {
        Area[] old = areas;
        areas = new Area[0];
        for (Area area : old) {
            release(context, area);
        }
    }

    private Area acquire(Area area) {
        if (area.backing() != null) {
            area.backing().get();
            area.backing().mappings().add(space);
        }
        return area;
    }

    private void release(ProcessContext context, Area area) {
        if (area.backing() != null) {
            area.backing().mappings().remove(space);
            area.backing().put(context);
        }
    }

    /** Whether there is a file behind one of them. */
    boolean hasBacking() {
        return Arrays.stream(areas).anyMatch(area -> area.backing() != null);
    }

    /** Bytes of those with that name, or of all. */
    long bytes(String name) {
        long bytes = 0;
        for (Area area : areas) {
            if (name == null || area.name().equals(name)) {
                bytes += area.end() - area.start();
            }
        }
        return bytes;
    }

    /** The text of /proc/PID/maps. */
    String mapsText() {
        HexFormat hex = HexFormat.of();
        StringBuilder text = new StringBuilder();
        for (Area area : areas) {
            Backing backing = area.backing();
            StringBuilder line = new StringBuilder()
                    .append(hex.toHexDigits(area.start(), 12))
                    .append('-')
                    .append(hex.toHexDigits(area.end(), 12))
                    .append(' ')
                    .append(area.modeText())
                    .append(' ')
                    .append(hex.toHexDigits(area.offset(), 8))
                    .append(' ')
                    .append(backing == null ? "00:00 0" : backing.description());
            String name = backing == null ? area.name() : backing.path();
            if (!name.isEmpty()) {
                line.append(" ".repeat(Math.max(1, PATH_COLUMN - line.length())))
                        .append(name);
            }
            text.append(line).append('\n');
        }
        return text.toString();
    }
}
