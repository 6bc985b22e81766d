// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket;

import static hardware.hostsocket.registers.PortRegisters.CAUSE_CONNECT;
import static hardware.hostsocket.registers.PortRegisters.CAUSE_HANGUP;
import static hardware.hostsocket.registers.PortRegisters.CAUSE_RECEIVED;
import static hardware.hostsocket.registers.PortRegisters.CAUSE_SENT;
import static hardware.hostsocket.registers.PortRegisters.COMMAND_ENABLE;
import static hardware.hostsocket.registers.PortRegisters.COMMAND_RESET;
import static hardware.hostsocket.registers.PortRegisters.COMMAND_SHUTDOWN;
import static hardware.hostsocket.registers.PortRegisters.STATUS_BROKEN;
import static hardware.hostsocket.registers.PortRegisters.STATUS_CONNECTED;
import static hardware.hostsocket.registers.PortRegisters.STATUS_END;
import static hardware.hostsocket.registers.PortRegisters.STATUS_FAULT;
import static hardware.hostsocket.registers.PortRegisters.STATUS_WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hardware.hostsocket.MemoryWorld.Peer;
import hardware.hostsocket.registers.HostSocketRegisters;
import hardware.hostsocket.registers.Rings;
import hardware.machine.Machine;
import hardware.machine.bus.BusDevice;
import hardware.machine.interrupt.InterruptLine;
import hardware.machine.time.VirtualTimeline;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Does a port do what the datasheet says, also to who breaks its rules? */
final class HostSocketModelTest {
    private final VirtualTimeline timeline = new VirtualTimeline();
    private final Machine machine = new Machine(1, 1 << 20, true, timeline, 1);
    private final MemoryWorld world = new MemoryWorld();
    private final BusDevice device = machine.bus().attach(new HostSocketModel(world, 2));
    private final PortDriver driver = new PortDriver(machine, device, 0);

    HostSocketModelTest() {
        device.interruptLines().forEach(machine.interrupts()::unmask);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.US_ASCII);
    }

    /** Whether the port's line has interrupted since the last time. */
    private boolean interrupted() {
        InterruptLine line = machine.interrupts().claim(machine.processor(0));
        if (line != null) {
            assertThat(line).isSameAs(device.interruptLines().getFirst());
            machine.interrupts().complete(line);
        }
        return line != null;
    }

    private Peer connected() {
        driver.enable();
        Peer peer = world.connect();
        driver.acknowledge();
        interrupted();
        return peer;
    }

    @Test
    void itSaysWhatItIsAndEachPortHasALine() {
        assertThat(device.name()).isEqualTo("hostsocket0");
        assertThat(device.compatible()).isEqualTo("ubend,hostsocket");
        assertThat(device.interruptLines()).hasSize(2).allMatch(line -> line.trigger() == InterruptLine.Trigger.EDGE);
        assertThat(driver.read(HostSocketRegisters.ID)).isEqualTo(0x55424853);
        assertThat(driver.read(HostSocketRegisters.VERSION)).isEqualTo(0x00010000);
        assertThat(driver.read(HostSocketRegisters.PORTS)).isEqualTo(2);
        assertThat(driver.read(HostSocketRegisters.TCP_PORT)).isZero();
    }

    @Test
    void aWorldThatCannotBeReplayedIsRefusedOnAVirtualTimelineAndNothingIsLeft() {
        int before = machine.bus().devices().size();
        HostSocketModel real =
                (HostSocketModel) new HostSocketFactory().create(Map.of("listen", "unix:/nowhere/at/all"));
        assertThatThrownBy(() -> machine.bus().attach(real))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("hostsocket: what the host sends cannot be replayed; not in deterministic mode");
        assertThat(machine.bus().devices()).hasSize(before);
    }

    @Test
    void nobodyGetsAPortThatDoesNotWait() {
        assertThat(world.ports.isOneWaiting()).isFalse();
        assertThat(world.connect().port).isNull();
        driver.enable();
        assertThat(driver.status()).isEqualTo(STATUS_WAITING);
        assertThat(world.waits).isEqualTo(1);
        assertThat(world.connect().port).isNotNull();
        assertThat(driver.status()).isEqualTo(STATUS_CONNECTED);
        assertThat(world.connect().port).as("it is taken").isNull();
        assertThat(interrupted()).isTrue();
        assertThat(driver.acknowledge()).isEqualTo(CAUSE_CONNECT);
    }

    @Test
    void theFirstWaitingPortIsTaken() {
        PortDriver second = new PortDriver(machine, device, 1);
        second.enable();
        driver.enable();
        world.connect();
        assertThat(driver.status()).isEqualTo(STATUS_CONNECTED);
        assertThat(second.status()).isEqualTo(STATUS_WAITING);
    }

    @Test
    void whatComesFillsOneBufferAfterTheOther() {
        Peer peer = connected();
        assertThat(peer.send(bytes("too early")))
                .as("without buffers there is no room")
                .isZero();
        driver.post(2);
        assertThat(peer.rooms).isEqualTo(1);
        String long150 = "0123456789".repeat(15);
        assertThat(peer.send(bytes(long150))).isEqualTo(150);
        assertThat(driver.acknowledge()).isEqualTo(CAUSE_RECEIVED);
        assertThat(text(driver.next())).isEqualTo(long150.substring(0, 100));
        assertThat(text(driver.next())).isEqualTo(long150.substring(100));
        assertThat(driver.next()).isNull();
        assertThat(peer.port.room(peer)).isZero();
        driver.post(1);
        assertThat(peer.port.room(peer)).isEqualTo(PortDriver.BUFFER_BYTES);
    }

    @Test
    void aCauseInterruptsOnceUntilItIsAcknowledged() {
        Peer peer = connected();
        driver.post(8);
        peer.send(bytes("a"));
        assertThat(interrupted()).isTrue();
        peer.send(bytes("b"));
        assertThat(interrupted()).isFalse();
        driver.acknowledge();
        peer.send(bytes("c"));
        assertThat(interrupted()).isTrue();
        assertThat(text(driver.next()) + text(driver.next()) + text(driver.next()))
                .isEqualTo("abc");
    }

    @Test
    void aCauseThatIsThereInterruptsWhenItIsEnabled() {
        Peer peer = connected();
        driver.write(driver.registers.interruptEnable, 0);
        driver.post(1);
        peer.send(bytes("a"));
        assertThat(interrupted()).isFalse();
        driver.write(driver.registers.interruptEnable, CAUSE_RECEIVED);
        assertThat(interrupted()).isTrue();
    }

    @Test
    void whatIsPostedGoesOutInOrder() {
        Peer peer = connected();
        driver.send(bytes("one "));
        driver.send(bytes("two "));
        assertThat(peer.sends).isEqualTo(2);
        assertThat(text(peer.take())).isEqualTo("one two ");
        assertThat(driver.sent()).isEqualTo(2);
        assertThat(interrupted()).as("the ring was never more than half full").isFalse();
    }

    @Test
    void aFullTransmitRingInterruptsWhenItIsHalfEmpty() {
        Peer peer = connected();
        for (int i = 0; i < Rings.SLOTS; i++) {
            driver.send(bytes("x"));
        }
        assertThat(peer.take()).hasSize(Rings.SLOTS);
        assertThat(interrupted()).isTrue();
        assertThat(driver.acknowledge()).isEqualTo(CAUSE_SENT);
    }

    @Test
    void shutdownEndsTheStreamAfterAllThatWasPosted() {
        Peer peer = connected();
        driver.send(bytes("last words"));
        driver.command(COMMAND_SHUTDOWN);
        assertThat(driver.acknowledge()).isZero();
        assertThat(text(peer.take())).isEqualTo("last words");
        assertThat(peer.take()).isNull();
        assertThat(driver.acknowledge()).isEqualTo(CAUSE_SENT);
        driver.post(1);
        assertThat(peer.send(bytes("still heard"))).isEqualTo(11);
        assertThat(peer.hungUp).isFalse();
    }

    @Test
    void theEndOfThePeerIsToldAndThePortCanStillSend() {
        Peer peer = connected();
        peer.port.ended(peer);
        assertThat(driver.status()).isEqualTo(STATUS_CONNECTED | STATUS_END);
        assertThat(driver.acknowledge()).isEqualTo(CAUSE_HANGUP);
        driver.send(bytes("reply"));
        assertThat(text(peer.take())).isEqualTo("reply");
    }

    @Test
    void aBrokenConnectionIsToldAndTheWireLetGo() {
        Peer peer = connected();
        peer.port.broken(peer);
        assertThat(driver.status()).isEqualTo(STATUS_BROKEN);
        assertThat(peer.hungUp).isTrue();
        assertThat(driver.acknowledge()).isEqualTo(CAUSE_HANGUP);
        driver.command(COMMAND_ENABLE);
        assertThat(driver.status()).as("only a reset brings it to rest").isEqualTo(STATUS_BROKEN);
    }

    @Test
    void resetLetsGoAndTheOldWireIsNotListenedToAnyMore() {
        Peer peer = connected();
        driver.post(4);
        driver.send(bytes("never"));
        driver.command(COMMAND_RESET);
        assertThat(peer.hungUp).isTrue();
        assertThat(driver.status()).isZero();
        assertThat(peer.port.room(peer)).isZero();
        peer.port.received(peer, bytes("late"), 4);
        peer.port.ended(peer);
        peer.port.broken(peer);
        assertThat(peer.port.outgoing(peer, new byte[Rings.LENGTH_MAX])).isEqualTo(Port.GONE);
        peer.port.sent(peer);
        assertThat(driver.status()).isZero();
        assertThat(driver.next()).isNull();
        assertThat(machine.iommu().faultCount()).isZero();
    }

    @Test
    void aBufferThatIsNotMappedIsAFaultOfThisPortAlone() {
        PortDriver second = new PortDriver(machine, device, 1);
        Peer peer = connected();
        second.enable();
        Peer other = world.connect();
        driver.descriptor(Rings.receiveDescriptor(0), 0x1234_5000, 100);
        driver.write(driver.registers.receivePosted, 1);
        peer.send(bytes("anything"));
        assertThat(driver.status()).isEqualTo(STATUS_BROKEN | STATUS_FAULT);
        assertThat(peer.hungUp).isTrue();
        assertThat(machine.iommu().faultCount()).isEqualTo(1);
        second.post(1);
        assertThat(other.send(bytes("fine"))).isEqualTo(4);
        assertThat(text(second.next())).isEqualTo("fine");
    }

    @Test
    void ringsThatMakeNoSenseAreAFault() {
        for (int length : new int[] {0, -1, Rings.LENGTH_MAX + 1}) {
            connected();
            driver.descriptor(Rings.transmitDescriptor(0), 0, length);
            driver.write(driver.registers.transmitPosted, 1);
            assertThat(driver.status()).as("length %d", length).isEqualTo(STATUS_BROKEN | STATUS_FAULT);
            driver.command(COMMAND_RESET);
        }
        connected();
        driver.write(driver.registers.receivePosted, Rings.SLOTS + 1);
        assertThat(driver.status()).as("more than there are").isEqualTo(STATUS_BROKEN | STATUS_FAULT);
    }

    @Test
    void pullingItOutHangsEverybodyUp() {
        Peer peer = connected();
        machine.bus().detach(device.name());
        assertThat(peer.hungUp).isTrue();
        assertThat(world.closed).isTrue();
        assertThat(driver.status()).isEqualTo(-1);
    }
}
