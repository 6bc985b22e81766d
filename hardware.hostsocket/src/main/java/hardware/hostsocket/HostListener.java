// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;

/**
 * A listening socket of the host. A thread of its own accepts a connection whenever a port waits for one; others wait in the host's queue, where they
 * cost nothing.
 */
final class HostListener implements Outside {
    /** How many connections the host lets wait for a port. */
    private static final int BACKLOG = 64;
    /** How long to leave the host alone that cannot give us a connection, for want of descriptors for instance. */
    private static final long PAUSE_NANOS = 100_000_000;

    private final ListenAddress address;
    private ServerSocketChannel server;
    private SocketFile file;
    private Thread acceptor;
    /** Removes the path when nobody pulls the device out before the machine's program is ended. */
    private Thread atExit;

    private volatile boolean closed;

    HostListener(ListenAddress address) {
        this.address = address;
    }

    @Override
    public boolean isReproducible() {
        return false;
    }

    @Override
    public void open(Ports ports) throws IOException {
        try {
            server = listen();
        } catch (IOException e) {
            throw new IOException("cannot listen at " + address.text() + ": " + e.getMessage(), e);
        }
        atExit = Thread.ofPlatform().name("hostsocket exit").unstarted(this::removeFile);
        Runtime.getRuntime().addShutdownHook(atExit);
        acceptor = Thread.ofPlatform()
                .daemon()
                .name("hostsocket " + address.text())
                .start(() -> accept(ports));
    }

    private ServerSocketChannel listen() throws IOException {
        boolean unix = address.socket() instanceof UnixDomainSocketAddress;
        if (unix) {
            SocketFile.makeWay(((UnixDomainSocketAddress) address.socket()).getPath());
        }
        ServerSocketChannel channel =
                unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
        boolean listening = false;
        try {
            if (!unix) {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            channel.bind(address.socket(), BACKLOG);
            if (unix) {
                file = SocketFile.made(((UnixDomainSocketAddress) address.socket()).getPath());
            }
            listening = true;
            return channel;
        } finally {
            if (!listening) {
                channel.close();
            }
        }
    }

    @Override
    public int tcpPort() {
        try {
            return server.getLocalAddress() instanceof InetSocketAddress tcp ? tcp.getPort() : 0;
        } catch (IOException e) {
            return 0; // Closed: it listens nowhere.
        }
    }

    @Override
    public void portWaits() {
        LockSupport.unpark(acceptor);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(acceptor);
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the socket of " + address.text(), e);
        } finally {
            removeFile();
            forgetExit();
        }
    }

    private void removeFile() {
        try {
            if (file != null) {
                file.remove();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the socket of " + address.text(), e);
        }
    }

    private void forgetExit() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            closed = true; // The exit is under way, and removes it once more, which does no harm.
        }
    }

    private void accept(Ports ports) {
        while (!closed) {
            if (!ports.isOneWaiting()) {
                LockSupport.park(this);
                continue;
            }
            try {
                connect(server.accept(), ports);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        }
    }

    /** The port for which the connection was accepted may be at rest again; then it is for the next that waits. */
    private void connect(SocketChannel channel, Ports ports) throws IOException {
        if (address.socket() instanceof InetSocketAddress) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        HostConnection connection = new HostConnection(channel);
        while (!closed) {
            Port port = ports.connect(connection);
            if (port != null) {
                connection.start(port);
                return;
            }
            LockSupport.park(this);
        }
        channel.close();
    }
}
