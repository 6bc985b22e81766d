// SPDX-License-Identifier: Apache-2.0
package drivers.hostsocket;

import hardware.hostsocket.Port;
import hardware.hostsocket.Wire;
import hardware.hostsocket.registers.Rings;
import hardware.machine.time.Timeline;
import hardware.machine.time.TimelineEvent;
import java.io.ByteArrayOutputStream;

/**
 * Somebody outside who moves on the machine's own timeline, so that runs can be replayed: says what it has to say as there is room, keeps what it hears,
 * and says it again if it is an echo.
 */
final class Peer implements Wire {
    private static final int CHUNK_BYTES = 1000;

    final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    boolean echo;
    boolean deaf;
    boolean endsWhenSaid;
    boolean hungUp;
    Port port;

    private final TimelineEvent step;
    private byte[] toSay;
    private int said;
    private boolean ended;

    Peer(Timeline timeline, byte[] toSay) {
        this.toSay = toSay;
        step = timeline.event("peer", this::step);
    }

    /** Goes on when there is reason to. */
    void wake() {
        step.scheduleIn(1_000);
    }

    @Override
    public void roomMade() {
        wake();
    }

    @Override
    public void somethingToSend() {
        wake();
    }

    @Override
    public void hangUp() {
        hungUp = true;
        step.cancel();
    }

    private void step() {
        if (hungUp) {
            return;
        }
        if (!deaf) {
            hear();
        }
        int count = Math.min(Math.min(CHUNK_BYTES, toSay.length - said), port.room(this));
        if (count > 0) {
            byte[] chunk = java.util.Arrays.copyOfRange(toSay, said, said + count);
            said += count;
            port.received(this, chunk, count);
            wake();
        } else if (said == toSay.length && endsWhenSaid && !ended) {
            ended = true;
            port.ended(this);
        }
    }

    private void hear() {
        byte[] bytes = new byte[Rings.LENGTH_MAX];
        int count = port.outgoing(this, bytes);
        if (count > 0) {
            heard.write(bytes, 0, count);
            port.sent(this);
            if (echo) {
                toSay = java.util.Arrays.copyOf(toSay, toSay.length + count);
                System.arraycopy(bytes, 0, toSay, toSay.length - count, count);
            }
            wake();
        }
    }
}
