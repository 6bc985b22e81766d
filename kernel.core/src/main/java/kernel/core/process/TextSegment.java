// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import java.util.ArrayList;
import java.util.List;
import kernel.core.memory.AddressSpace;
import kernel.uapi.UserProcessor.Entry;

/** The code of a program that has an address: Java functions, each a slot of the text segment. Used by one process only. */
final class TextSegment {
    private static final long SLOT_BYTES = 16;
    /** Behind what would be the headers of the program's file. */
    private static final long FIRST = AddressSpace.TEXT_START + 0x1000;

    private final List<Entry> entries;

    TextSegment() {
        entries = new ArrayList<>();
    }

    private TextSegment(List<Entry> entries) {
        this.entries = new ArrayList<>(entries);
    }

    /** For a forked child: the same code at the same addresses. */
    TextSegment fork() {
        return new TextSegment(entries);
    }

    /** The address of a piece of code; the same each time. */
    long addressOf(Entry code) {
        int slot = 0;
        while (slot < entries.size() && entries.get(slot) != code) {
            slot++;
        }
        if (slot == entries.size()) {
            entries.add(code);
        }
        return FIRST + slot * SLOT_BYTES;
    }

    /** The code at an address, or null. */
    Entry at(long address) {
        long slot = (address - FIRST) / SLOT_BYTES;
        boolean exact = address >= FIRST && (address - FIRST) % SLOT_BYTES == 0;
        return exact && slot < entries.size() ? entries.get((int) slot) : null;
    }
}
