// SPDX-License-Identifier: Apache-2.0
package drivers.hostsocket;

import hardware.hostsocket.HostSocketModel;
import hardware.hostsocket.Outside;
import hardware.hostsocket.Ports;
import hardware.machine.bus.BusDevice;
import hardware.machine.time.Timeline;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import testkit.TestKernel;
import userland.libc.Libc;

/** A world from which scripted peers connect, one after the other, as ports wait for them. */
final class ScriptedWorld implements Outside {
    private static final long CONNECT_NANOS = 10_000;

    private final Timeline timeline;
    private final Deque<Peer> callers = new ArrayDeque<>();
    private Ports ports;
    BusDevice device;

    private ScriptedWorld(Timeline timeline) {
        this.timeline = timeline;
    }

    /** A world with a host socket in that kernel, and the driver bound to it. */
    static ScriptedWorld plug(TestKernel kernel, int portCount) {
        ScriptedWorld world = new ScriptedWorld(kernel.kernel().machine().timeline());
        world.device = kernel.plug(new HostSocketModel(world, portCount));
        kernel.bind(world.device, "hostsocket", HostSocketDriver::new);
        return world;
    }

    /** Somebody who will connect when it is his turn. */
    Peer caller(String toSay) {
        Peer peer = new Peer(timeline, toSay.getBytes(StandardCharsets.US_ASCII));
        callers.add(peer);
        portWaits();
        return peer;
    }

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
        timeline.event("caller", this::connect).scheduleIn(CONNECT_NANOS);
    }

    private void connect() {
        if (!callers.isEmpty() && ports.isOneWaiting()) {
            Peer peer = callers.remove();
            peer.port = ports.connect(peer);
            peer.wake();
        }
    }

    @Override
    public void close() {
        callers.clear();
    }

    /** Reads until the end or so many bytes, in pieces of at most that size. */
    static String readAll(Libc libc, int fd, int total, int piece) {
        StringBuilder text = new StringBuilder();
        byte[] bytes = new byte[piece];
        while (text.length() < total) {
            int count = libc.read(fd, libc.ioBuffer(), Math.min(piece, total - text.length()));
            if (count == 0) {
                break;
            }
            libc.processor().load(libc.ioBuffer(), bytes, 0, count);
            text.append(new String(bytes, 0, count, StandardCharsets.US_ASCII));
        }
        return text.toString();
    }

    static void writeAll(Libc libc, int fd, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        for (int done = 0; done < bytes.length; ) {
            int piece = Math.min(bytes.length - done, Libc.IO_BUFFER_BYTES);
            libc.processor().store(libc.ioBuffer(), bytes, done, piece);
            done += libc.write(fd, libc.ioBuffer(), piece);
        }
    }
}
