// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

/** The connection is over before its time: the client has gone, or what it says is no NBD. */
public final class ConnectionLost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message why, for the log */
    public ConnectionLost(String message) {
        super(message);
    }
}
