// SPDX-License-Identifier: Apache-2.0
package kernel.api.fs;

/** Takes the entries of a directory. */
@FunctionalInterface
public interface DirectorySink {
    /**
     * Takes an entry.
     *
     * @param type as in {@code d_type}: DT_REG 8, DT_DIR 4, DT_LNK 10, DT_CHR 2, DT_BLK 6, DT_FIFO 1, DT_SOCK 12, or 0 when it is not known
     * @param nextPosition where to go on behind this entry
     * @return false when it is full and the entry was not taken
     */
    boolean add(byte[] name, int nameOffset, int nameLength, long number, int type, long nextPosition);
}
