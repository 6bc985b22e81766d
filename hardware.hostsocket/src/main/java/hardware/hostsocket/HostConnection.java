// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket;

import hardware.hostsocket.registers.Rings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;

/**
 * A connection of the host on the wire of a port. Two threads of its own do what waits for the host: one receives when the port has room, one sends when
 * the port has something. What nobody fetches stays in the host, whose flow control holds back the peer.
 */
final class HostConnection implements Wire {
    /** What one call of the host moves at most. */
    private static final int BUFFER_BYTES = 4 * Rings.LENGTH_MAX;

    private final SocketChannel channel;
    private final Thread receiver;
    private final Thread sender;
    private Port port;
    private volatile boolean hungUp;

    HostConnection(SocketChannel channel) {
        this.channel = channel;
        receiver = Thread.ofPlatform().daemon().name("hostsocket receiver").unstarted(() -> guarded(this::receive));
        sender = Thread.ofPlatform().daemon().name("hostsocket sender").unstarted(() -> guarded(this::send));
    }

    void start(Port plugged) {
        port = plugged;
        receiver.start();
        sender.start();
    }

    @Override
    public void roomMade() {
        LockSupport.unpark(receiver);
    }

    @Override
    public void somethingToSend() {
        LockSupport.unpark(sender);
    }

    @Override
    public void hangUp() {
        hungUp = true;
        LockSupport.unpark(receiver);
        LockSupport.unpark(sender);
        close();
    }

    /** Wakes both threads from whatever they wait for in the host. */
    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // What was to be sent is lost, which is what hanging up means.
            hungUp = true;
        }
    }

    /** A part of the work, that ends with the connection. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            port.broken(this);
            close();
        }
    }

    private void receive() throws IOException {
        byte[] bytes = new byte[BUFFER_BYTES];
        while (!hungUp) {
            int room = port.room(this);
            if (room == 0) {
                LockSupport.park(this);
                continue;
            }
            int count = channel.read(ByteBuffer.wrap(bytes, 0, Math.min(room, bytes.length)));
            if (count < 0) {
                port.ended(this);
                return;
            }
            port.received(this, bytes, count);
        }
    }

    private void send() throws IOException {
        byte[] bytes = new byte[BUFFER_BYTES];
        while (!hungUp) {
            int count = port.outgoing(this, bytes);
            if (count == Port.END) {
                channel.shutdownOutput();
                return;
            }
            if (count == 0) {
                LockSupport.park(this);
            } else if (count > 0) {
                for (ByteBuffer rest = ByteBuffer.wrap(bytes, 0, count); rest.hasRemaining(); ) {
                    channel.write(rest);
                }
                port.sent(this);
            }
        }
    }
}
