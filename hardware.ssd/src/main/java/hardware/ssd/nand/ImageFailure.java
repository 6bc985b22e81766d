// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.nand;

import java.io.IOException;

/** The host could not read or write the file behind the device. */
public final class ImageFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ImageFailure(String what, IOException cause) {
        super(what + ": " + cause.getMessage(), cause);
    }
}
