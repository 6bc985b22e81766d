// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.ssd.ftl.DeviceState;
import hardware.ssd.ftl.Storage;
import hardware.ssd.nand.NandGeometry;

/** The namespaces: equal shares of all logical pages. Guarded by the firmware's lock. */
final class Namespaces {
    private final DeviceState state;
    private final Namespace[] all;

    /** @param bytes the size of each; of the last page of a namespace only a part may count */
    Namespaces(DeviceState state, Storage storage, long bytes) {
        this.state = state;
        all = new Namespace[state.formats.length];
        int pages = Math.toIntExact((bytes + NandGeometry.PAGE_BYTES - 1) / NandGeometry.PAGE_BYTES);
        if ((long) pages * all.length > storage.pages()) {
            throw new IllegalArgumentException(
                    "%d namespaces of %d pages do not fit into %d".formatted(all.length, pages, storage.pages()));
        }
        for (int i = 0; i < all.length; i++) {
            all[i] = new Namespace(i + 1, i * pages, pages, bytes, state.formats[i]);
        }
    }

    Namespace[] all() {
        return all;
    }

    /** @throws IllegalArgumentException there is none of that number */
    Namespace get(int id) {
        if (id < 1 || id > all.length) {
            throw new IllegalArgumentException("namespaces are 1 to %d, not %d".formatted(all.length, id));
        }
        return all[id - 1];
    }

    /** Formats are as they were when power went. */
    void powerReturns() {
        for (Namespace namespace : all) {
            namespace.setFormat(state.formats[namespace.id - 1]);
        }
    }
}
