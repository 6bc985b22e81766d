// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket;

/**
 * What is plugged into a port: the near end of a connection. The port calls it, on any thread and under a lock of its own; it returns at once and does
 * not call back.
 */
public interface Wire {
    /** The port may have more room for what comes. */
    void roomMade();

    /** The port may have something to send, or the end of it. */
    void somethingToSend();

    /** The port has let go of the wire: nothing comes or goes any more. */
    void hangUp();
}
