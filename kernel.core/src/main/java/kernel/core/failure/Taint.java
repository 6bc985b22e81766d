// SPDX-License-Identifier: Apache-2.0
package kernel.core.failure;

import java.util.concurrent.atomic.AtomicLong;

/** What has happened to this kernel since it booted that makes its reports less trustworthy; sticky (Linux: kernel/panic.c). Thread-safe. */
public final class Taint {
    /** A reason, with Linux's bit and letter. */
    public enum Flag {
        PROPRIETARY_MODULE('P', "PROPRIETARY_MODULE"),
        FORCED_MODULE('F', "FORCED_MODULE"),
        CPU_OUT_OF_SPEC('S', "CPU_OUT_OF_SPEC"),
        FORCED_RMMOD('R', "FORCED_RMMOD"),
        MACHINE_CHECK('M', "MACHINE_CHECK"),
        BAD_PAGE('B', "BAD_PAGE"),
        USER('U', "USER"),
        DIE('D', "DIE"),
        OVERRIDDEN_ACPI_TABLE('A', "OVERRIDDEN_ACPI_TABLE"),
        WARN('W', "WARN"),
        CRAP('C', "CRAP"),
        FIRMWARE_WORKAROUND('I', "FIRMWARE_WORKAROUND"),
        OOT_MODULE('O', "OOT_MODULE"),
        UNSIGNED_MODULE('E', "UNSIGNED_MODULE"),
        SOFTLOCKUP('L', "SOFTLOCKUP"),
        LIVEPATCH('K', "LIVEPATCH"),
        AUX('X', "AUX"),
        RANDSTRUCT('T', "RANDSTRUCT"),
        TEST('N', "TEST");

        private static final Flag[] ALL = values();

        private final char letter;
        private final String linuxName;

        Flag(char letter, String linuxName) {
            this.letter = letter;
            this.linuxName = linuxName;
        }

        public long mask() {
            return 1L << ordinal();
        }

        public char letter() {
            return letter;
        }
    }

    private final AtomicLong mask = new AtomicLong();

    public void add(Flag flag) {
        mask.getAndUpdate(old -> old | flag.mask());
    }

    public boolean has(Flag flag) {
        return (mask.get() & flag.mask()) != 0;
    }

    /** The number in /proc/sys/kernel/tainted. */
    public long mask() {
        return mask.get();
    }

    /** {@code Not tainted}, or {@code Tainted: G      D W  O} with a column for each flag. */
    public String text() {
        long now = mask.get();
        if (now == 0) {
            return "Not tainted";
        }
        StringBuilder text = new StringBuilder("Tainted: ");
        for (Flag flag : Flag.ALL) {
            char absent = flag == Flag.PROPRIETARY_MODULE ? 'G' : ' ';
            text.append((now & flag.mask()) != 0 ? flag.letter : absent);
        }
        return text.toString().stripTrailing();
    }

    /** The flags in words, {@code [D]=DIE, [W]=WARN}; empty when there are none. */
    public String legend() {
        StringBuilder text = new StringBuilder();
        for (Flag flag : Flag.ALL) {
            if (has(flag)) {
                text.append(text.isEmpty() ? "[" : ", [")
                        .append(flag.letter)
                        .append("]=")
                        .append(flag.linuxName);
            }
        }
        return text.toString();
    }
}
