// SPDX-License-Identifier: Apache-2.0
package drivers.ssd;

import hardware.ssd.registers.IdentifyController;
import hardware.ssd.registers.PhysicalRegions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a controller says of itself.
 *
 * @param transferBytesMax the most that this driver moves in one command
 * @param abortsMax abort commands that it takes at once
 * @param events which asynchronous events it can tell, as in OAES
 */
record ControllerIdentity(
        String model,
        String serial,
        String firmware,
        int transferBytesMax,
        int abortsMax,
        int events,
        boolean knowsDeallocate,
        boolean knowsWriteZeroes,
        boolean hasWriteCache) {
    private static final int SERIAL_BYTES = 20;
    private static final int MODEL_BYTES = 40;
    private static final int FIRMWARE_BYTES = 8;
    private static final int TRANSFER_SHIFT_MAX = 9;

    /**
     * Reads the answer to an identify.
     *
     * @param cacheInUse whether a write cache, if there is one, is switched on
     */
    static ControllerIdentity of(ByteBuffer identity, boolean cacheInUse) {
        int shift = identity.get(IdentifyController.MDTS) & 0xff;
        int transfer = shift == 0 || shift > TRANSFER_SHIFT_MAX
                ? RegionList.BYTES_MAX
                : Math.min(PhysicalRegions.PAGE_BYTES << shift, RegionList.BYTES_MAX);
        int commands = identity.getShort(IdentifyController.ONCS);
        return new ControllerIdentity(
                text(identity, IdentifyController.MODEL_NUMBER, MODEL_BYTES),
                text(identity, IdentifyController.SERIAL_NUMBER, SERIAL_BYTES),
                text(identity, IdentifyController.FIRMWARE_REVISION, FIRMWARE_BYTES),
                transfer,
                (identity.get(IdentifyController.ACL) & 0xff) + 1,
                identity.getInt(IdentifyController.OAES),
                (commands & IdentifyController.ONCS_DATASET_MANAGEMENT) != 0,
                (commands & IdentifyController.ONCS_WRITE_ZEROES) != 0,
                cacheInUse && (identity.get(IdentifyController.VWC) & IdentifyController.VWC_PRESENT) != 0);
    }

    private static String text(ByteBuffer identity, int at, int length) {
        byte[] bytes = new byte[length];
        identity.get(at, bytes);
        return new String(bytes, StandardCharsets.US_ASCII).trim();
    }
}
