// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

/** A stream of bytes to and from a client. Addresses are of user memory. */
public interface Connection {
    /**
     * Waits until something has come and reads it.
     *
     * @return bytes, 0 when the client sends no more
     * @throws ConnectionLost the connection broke
     */
    int read(long address, int count);

    /**
     * Writes all of it.
     *
     * @throws ConnectionLost the connection broke
     */
    void write(long address, int count);

    /** Waits until something has come, or the other descriptor is readable; whether something has come. */
    boolean awaitInput(int otherDescriptor);
}
