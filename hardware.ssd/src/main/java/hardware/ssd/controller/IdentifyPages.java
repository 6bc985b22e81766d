// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.ssd.nand.NandGeometry;
import hardware.ssd.registers.AsyncEvent;
import hardware.ssd.registers.CompletionEntry;
import hardware.ssd.registers.IdentifyCommand;
import hardware.ssd.registers.IdentifyController;
import hardware.ssd.registers.IdentifyNamespace;
import hardware.ssd.registers.SsdRegisters;
import hardware.ssd.registers.SubmissionEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What the identify command transfers. Guarded by the firmware's lock. */
final class IdentifyPages {
    private static final int FORMATS = 2;
    private static final int ABORT_LIMIT = 4;
    private static final int WARNING_KELVIN = 343;
    private static final int CRITICAL_KELVIN = 358;
    private static final int LOG_ATTRIBUTES = 0b110;
    private static final int ZEROS_WHEN_DEALLOCATED = 0b1001;

    private final Controller controller;
    private final byte[] page = new byte[IdentifyCommand.BYTES];
    private final ByteBuffer out = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);

    IdentifyPages(Controller controller) {
        this.controller = controller;
    }

    byte[] controller() {
        ControllerIdentity identity = controller.identity;
        clear();
        out.putShort(IdentifyController.VID, (short) IdentifyController.VENDOR);
        out.putShort(IdentifyController.SSVID, (short) IdentifyController.VENDOR);
        text(IdentifyController.SERIAL_NUMBER, 20, serialNumber());
        text(IdentifyController.MODEL_NUMBER, 40, "U-Bend solid state disk");
        text(IdentifyController.FIRMWARE_REVISION, 8, LogPages.FIRMWARE_REVISION);
        out.put(IdentifyController.MDTS, (byte) Controller.LOG2_MOST_PAGES);
        out.putInt(IdentifyController.VER, SsdRegisters.VS_VALUE);
        out.putInt(IdentifyController.OAES, AsyncEvent.ENABLE_NAMESPACE_CHANGED);
        out.put(IdentifyController.CNTRLTYPE, (byte) 1);
        out.putShort(IdentifyController.OACS, (short) IdentifyController.OACS_FORMAT);
        out.put(IdentifyController.ACL, (byte) (ABORT_LIMIT - 1));
        out.put(IdentifyController.AERL, (byte) (AsyncEvents.LIMIT - 1));
        out.put(IdentifyController.FRMW, (byte) 0b11);
        out.put(IdentifyController.LPA, (byte) LOG_ATTRIBUTES);
        out.put(IdentifyController.ELPE, (byte) (ErrorLog.ENTRIES - 1));
        out.putShort(IdentifyController.WCTEMP, (short) WARNING_KELVIN);
        out.putShort(IdentifyController.CCTEMP, (short) CRITICAL_KELVIN);
        out.putLong(IdentifyController.TNVMCAP, identity.capacityBytes());
        out.put(IdentifyController.SQES, (byte) (SubmissionEntry.LOG2_BYTES * 0x11));
        out.put(IdentifyController.CQES, (byte) (CompletionEntry.LOG2_BYTES * 0x11));
        out.putInt(IdentifyController.NN, controller.namespaces.length);
        out.putShort(IdentifyController.ONCS, (short) (IdentifyController.ONCS_COMPARE
                | IdentifyController.ONCS_DATASET_MANAGEMENT
                | IdentifyController.ONCS_WRITE_ZEROES));
        int cache = controller.storage.hasCache() ? IdentifyController.VWC_PRESENT : 0;
        out.put(IdentifyController.VWC, (byte) (cache | IdentifyController.VWC_FLUSH_ALL));
        text(IdentifyController.SUBNQN, 256, "nqn.2025-01.io.ubend:ssd:" + serialNumber());
        Arrays.fill(
                page, IdentifyController.SUBNQN + 25 + serialNumber().length(), IdentifyController.SUBNQN + 256, (byte)
                        0);
        vendor(identity);
        return page;
    }

    private void vendor(ControllerIdentity identity) {
        NandGeometry geometry = identity.geometry();
        out.putInt(IdentifyController.VENDOR_VECTORS, controller.vectors.count());
        out.putInt(IdentifyController.VENDOR_CHANNELS, geometry.channels());
        out.putInt(IdentifyController.VENDOR_DIES, geometry.diesPerChannel());
        out.putInt(IdentifyController.VENDOR_PAGES_PER_BLOCK, geometry.pagesPerBlock());
        out.putInt(IdentifyController.VENDOR_BLOCKS_PER_DIE, geometry.blocksPerDie());
        out.putLong(IdentifyController.VENDOR_CACHE_BYTES, identity.cacheBytes());
    }

    private String serialNumber() {
        return "UB%016X".formatted(controller.identity.uniqueId());
    }

    /** @param namespace null for what all have in common */
    byte[] namespace(Namespace namespace) {
        clear();
        if (namespace != null) {
            out.putLong(IdentifyNamespace.NSZE, namespace.blocks());
            out.putLong(IdentifyNamespace.NCAP, namespace.blocks());
            out.putLong(IdentifyNamespace.NUSE, Math.min(namespace.blocks(), used(namespace)));
            out.put(IdentifyNamespace.FLBAS, (byte) namespace.format());
            atomicity(NandGeometry.PAGE_BYTES >>> namespace.blockShift());
            out.putLong(IdentifyNamespace.NVMCAP, (long) namespace.pages * NandGeometry.PAGE_BYTES);
            out.put(IdentifyNamespace.NSATTR, (byte) (controller.storage.isReadOnly() ? 1 : 0));
            identifiers(namespace);
        }
        out.put(IdentifyNamespace.NLBAF, (byte) (FORMATS - 1));
        out.put(IdentifyNamespace.DLFEAT, (byte) ZEROS_WHEN_DEALLOCATED);
        out.putInt(
                IdentifyNamespace.LBAF + Integer.BYTES * IdentifyNamespace.FORMAT_512,
                9 << IdentifyNamespace.LBAF_LBADS_SHIFT | 1 << 24);
        out.putInt(
                IdentifyNamespace.LBAF + Integer.BYTES * IdentifyNamespace.FORMAT_4096,
                12 << IdentifyNamespace.LBAF_LBADS_SHIFT);
        return page;
    }

    private void atomicity(int blocksPerPage) {
        out.put(IdentifyNamespace.NSFEAT, (byte)
                (IdentifyNamespace.NSFEAT_THIN | IdentifyNamespace.NSFEAT_ATOMIC | IdentifyNamespace.NSFEAT_OPTIMAL));
        short unit = (short) (blocksPerPage - 1);
        out.putShort(IdentifyNamespace.NAWUN, unit);
        out.putShort(IdentifyNamespace.NAWUPF, unit);
        out.putShort(IdentifyNamespace.NABSN, unit);
        out.putShort(IdentifyNamespace.NABSPF, unit);
        out.putShort(IdentifyNamespace.NPWG, unit);
        out.putShort(IdentifyNamespace.NPWA, unit);
        out.putShort(IdentifyNamespace.NPDG, unit);
        out.putShort(IdentifyNamespace.NPDA, unit);
        out.putShort(IdentifyNamespace.NOWS, unit);
    }

    private long used(Namespace namespace) {
        long used = 0;
        for (int i = 0; i < namespace.pages; i++) {
            used += controller.storage.isMapped(namespace.firstPage + i) ? 1 : 0;
        }
        return (used * NandGeometry.PAGE_BYTES) >>> namespace.blockShift();
    }

    private void identifiers(Namespace namespace) {
        out.order(ByteOrder.BIG_ENDIAN);
        out.putLong(IdentifyNamespace.NGUID, controller.identity.uniqueId());
        out.putLong(IdentifyNamespace.NGUID + Long.BYTES, namespace.id);
        out.putLong(IdentifyNamespace.EUI64, eui64(namespace));
        out.order(ByteOrder.LITTLE_ENDIAN);
    }

    private long eui64(Namespace namespace) {
        return controller.identity.uniqueId() ^ (long) namespace.id << 48;
    }

    byte[] activeNamespaces(long above) {
        clear();
        int at = 0;
        for (Namespace namespace : controller.namespaces) {
            if (namespace.attached && namespace.id > above && at < page.length) {
                out.putInt(at, namespace.id);
                at += Integer.BYTES;
            }
        }
        return page;
    }

    byte[] descriptors(Namespace namespace) {
        clear();
        out.order(ByteOrder.BIG_ENDIAN);
        out.put((byte) IdentifyCommand.DESCRIPTOR_EUI64).put((byte) Long.BYTES).putShort((short) 0);
        out.putLong(eui64(namespace));
        out.put((byte) IdentifyCommand.DESCRIPTOR_NGUID)
                .put((byte) (2 * Long.BYTES))
                .putShort((short) 0);
        out.putLong(controller.identity.uniqueId()).putLong(namespace.id);
        out.order(ByteOrder.LITTLE_ENDIAN);
        return page;
    }

    private void text(int at, int length, String value) {
        Arrays.fill(page, at, at + length, (byte) ' ');
        byte[] ascii = value.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, page, at, Math.min(length, ascii.length));
    }

    private void clear() {
        Arrays.fill(page, (byte) 0);
        out.clear();
    }
}
