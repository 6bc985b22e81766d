// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket.registers;

/**
 * The layout of a port's two rings in memory. Numbers are little-endian. Descriptor number <i>n</i> since ENABLE is in slot <i>n</i> modulo
 * {@value #SLOTS}.
 *
 * <pre>
 *   0x000  received    u32   descriptors filled since ENABLE, written by the device
 *   0x040  sent        u32   descriptors sent since ENABLE, written by the device
 *   0x080  receive descriptors   {@value #SLOTS} of {@value #DESCRIPTOR_BYTES} bytes
 *   0x180  transmit descriptors  {@value #SLOTS} of {@value #DESCRIPTOR_BYTES} bytes
 *
 *  descriptor
 *   0  address  u64   bus address of the buffer
 *   8  length   u32   bytes: room to receive, or what to send; 1 to {@value #LENGTH_MAX}
 *  12  used     u32   bytes received, written by the device
 * </pre>
 */
public final class Rings {
    /** The descriptors in each ring. */
    public static final int SLOTS = 16;
    /** The longest buffer of a descriptor. */
    public static final int LENGTH_MAX = 65_536;

    public static final int RECEIVED = 0x000;
    public static final int SENT = 0x040;
    public static final int RECEIVE_DESCRIPTORS = 0x080;
    public static final int TRANSMIT_DESCRIPTORS = 0x180;
    public static final int DESCRIPTOR_BYTES = 16;
    public static final int DESCRIPTOR_ADDRESS = 0;
    public static final int DESCRIPTOR_LENGTH = 8;
    public static final int DESCRIPTOR_USED = 12;

    /** The size of it all. */
    public static final int BYTES = TRANSMIT_DESCRIPTORS + SLOTS * DESCRIPTOR_BYTES;

    private Rings() {}

    /** Where the receive descriptor of that number is. */
    public static int receiveDescriptor(int number) {
        return RECEIVE_DESCRIPTORS + (number & SLOTS - 1) * DESCRIPTOR_BYTES;
    }

    /** Where the transmit descriptor of that number is. */
    public static int transmitDescriptor(int number) {
        return TRANSMIT_DESCRIPTORS + (number & SLOTS - 1) * DESCRIPTOR_BYTES;
    }
}
