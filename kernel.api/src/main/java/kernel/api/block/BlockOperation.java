// SPDX-License-Identifier: Apache-2.0
package kernel.api.block;

/** What a bio or a request asks for (Linux: enum req_op). */
public enum BlockOperation {
    READ,
    WRITE,
    /** Makes durable all writes that were complete before it was sent. Has no data. */
    FLUSH,
    /** The sectors' contents are of no interest any more; what a read of them gives is the device's affair. Has no data. */
    DISCARD,
    /** The sectors read as zeroes from now on. Has no data. */
    WRITE_ZEROES;

    /** Whether sectors change by it. */
    public boolean isWrite() {
        return this == WRITE || this == DISCARD || this == WRITE_ZEROES;
    }

    /** Whether it moves data between memory and device. */
    public boolean hasData() {
        return this == READ || this == WRITE;
    }
}
