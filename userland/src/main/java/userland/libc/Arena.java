// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import java.util.Collection;
import kernel.uapi.UserProcessor;

/** Memory for the length of a block of code, such as the strings of one system call. Arenas nest; the inner one is closed first. */
public final class Arena implements AutoCloseable {
    private final UserProcessor processor;
    private final Scratch scratch;
    private final int chunk;
    private final long used;

    Arena(UserProcessor processor, Scratch scratch) {
        this.processor = processor;
        this.scratch = scratch;
        this.chunk = scratch.chunk();
        this.used = scratch.used();
    }

    /** Memory that is not cleared, aligned to 16. */
    public long allocate(long sizeBytes) {
        return scratch.allocate(sizeBytes);
    }

    /** A copy of the text with a zero at its end. */
    public long string(String text) {
        byte[] bytes = CString.encode(text);
        long address = scratch.allocate(bytes.length + 1L);
        processor.store(address, bytes, 0, bytes.length);
        processor.storeByte(address + bytes.length, (byte) 0);
        return address;
    }

    public long bytes(byte[] from, int offset, int length) {
        long address = scratch.allocate(length);
        processor.store(address, from, offset, length);
        return address;
    }

    /** An array of pointers to strings with a null pointer at its end, as exec wants argv and envp. */
    public long strings(Collection<String> texts) {
        long array = scratch.allocate(8L * (texts.size() + 1));
        long slot = array;
        for (String text : texts) {
            processor.storeLong(slot, string(text));
            slot += 8;
        }
        processor.storeLong(slot, 0);
        return array;
    }

    @Override
    public void close() {
        scratch.release(chunk, used);
    }
}
