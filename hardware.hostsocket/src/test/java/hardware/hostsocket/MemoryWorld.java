// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket;

import java.io.ByteArrayOutputStream;

/** A world outside that is in memory and moves only when a test moves it. */
final class MemoryWorld implements Outside {
    Ports ports;
    int waits;
    boolean closed;

    @Override
    public boolean isReproducible() {
        return true;
    }

    @Override
    public void open(Ports opened) {
        ports = opened;
    }

    @Override
    public int tcpPort() {
        return 0;
    }

    @Override
    public void portWaits() {
        waits++;
    }

    @Override
    public void close() {
        closed = true;
    }

    /** A peer, plugged into the first port that waits. */
    Peer connect() {
        Peer peer = new Peer();
        peer.port = ports.connect(peer);
        return peer;
    }

    /** Somebody outside. */
    static final class Peer implements Wire {
        Port port;
        boolean hungUp;
        int rooms;
        int sends;

        @Override
        public void roomMade() {
            rooms++;
        }

        @Override
        public void somethingToSend() {
            sends++;
        }

        @Override
        public void hangUp() {
            hungUp = true;
        }

        /** Sends as much as there is room for and answers how much. */
        int send(byte[] bytes) {
            int count = Math.min(port.room(this), bytes.length);
            port.received(this, bytes, count);
            return count;
        }

        /** Takes what there is to take now; null at the end. */
        byte[] take() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] buffer = new byte[hardware.hostsocket.registers.Rings.LENGTH_MAX];
            for (; ; ) {
                int count = port.outgoing(this, buffer);
                if (count == Port.END || count == Port.GONE) {
                    return all.size() == 0 ? null : all.toByteArray();
                }
                if (count == 0) {
                    return all.toByteArray();
                }
                all.write(buffer, 0, count);
                port.sent(this);
            }
        }
    }
}
