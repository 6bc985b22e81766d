// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.registers;

/**
 * Features: CDW10 bits 0 to 7 which, and CDW11 the value; get features answers the value as its result. In CDW10 of get features bits 8 to 10 select
 * {@link #SELECT_CURRENT}, {@link #SELECT_DEFAULT}, {@link #SELECT_SAVED} or {@link #SELECT_CAPABILITIES}; bit 31 of set features asks to save, and no
 * feature can be saved.
 */
public final class Feature {
    /** Bits 0 to 2: how many commands are taken from a queue in one turn, as a power of two; 7: no limit. */
    public static final int ARBITRATION = 0x01;
    /** Bits 0 to 4: the power state: 0. */
    public static final int POWER_MANAGEMENT = 0x02;
    /** Bits 0 to 15: kelvin; bits 16 to 19 the sensor, 0; bits 20 and 21: 0 too hot, 1 too cold. Beyond it there is a health event. */
    public static final int TEMPERATURE_THRESHOLD = 0x04;
    /** Bits 0 to 15: limit of read retries, in units of 100 ms. */
    public static final int ERROR_RECOVERY = 0x05;
    /** Bit 0: the volatile write cache is used. */
    public static final int VOLATILE_WRITE_CACHE = 0x06;
    /** Bits 0 to 15 submission queues, 16 to 31 completion queues, minus 1 each: wanted in CDW11, granted in the result. */
    public static final int NUMBER_OF_QUEUES = 0x07;
    /** Bits 0 to 7: completions minus 1 that an interrupt waits for; bits 8 to 15: how long, in units of 100 us; 0: not at all. */
    public static final int INTERRUPT_COALESCING = 0x08;
    /** Bits 0 to 15: the vector; bit 16: no coalescing for it. */
    public static final int INTERRUPT_VECTOR_CONFIGURATION = 0x09;
    /** Bit 0: no atomicity but a block's is needed. */
    public static final int WRITE_ATOMICITY = 0x0a;
    /** Which events are told; bits of {@link AsyncEvent}. */
    public static final int ASYNC_EVENT_CONFIGURATION = 0x0b;

    /** In {@link #INTERRUPT_VECTOR_CONFIGURATION}: no coalescing. */
    public static final int COALESCING_DISABLED = 1 << 16;

    /** How far the selection is shifted left in CDW10 of get features. */
    public static final int SELECT_SHIFT = 8;
    /** Selects the present value. */
    public static final int SELECT_CURRENT = 0;
    /** Selects the value after a reset. */
    public static final int SELECT_DEFAULT = 1;
    /** Selects the saved value, which is the default. */
    public static final int SELECT_SAVED = 2;
    /** Selects capabilities; bit 2 of the result: changeable. */
    public static final int SELECT_CAPABILITIES = 3;

    /** In CDW10 of set features: save the value. */
    public static final int SAVE = 1 << 31;

    private Feature() {}
}
