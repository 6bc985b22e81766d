// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket;

import java.io.IOException;

/** The world on the other side of the device, from which connections come. */
public interface Outside {
    /** Whether what comes from it is the same in each run, so that a machine whose runs are replayed may have it. */
    boolean isReproducible();

    /**
     * The device is plugged in: connections may come, see {@link Ports#connect}.
     *
     * @throws IOException they cannot; nothing is left behind
     */
    void open(Ports ports) throws IOException;

    /** The TCP port at which it listens, 0 for none. */
    int tcpPort();

    /** A port waits for a connection. Called under the port's lock; returns at once. */
    void portWaits();

    /** The device has been pulled out; what is connected has been hung up. Does not block. */
    void close();
}
