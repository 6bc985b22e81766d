// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket.registers;

import static org.assertj.core.api.Assertions.assertThat;

import hardware.machine.bus.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Do registers, bits and rings lie beside each other? */
final class PortRegistersTest {
    @Test
    void noTwoRegistersOverlapAndAllAreInTheWindow() {
        List<Register> all = new ArrayList<>(HostSocketRegisters.all());
        IntStream.range(0, HostSocketRegisters.PORTS_MAX).forEach(port -> all.addAll(new PortRegisters(port).all()));
        assertThat(all)
                .extracting(Register::offset)
                .doesNotHaveDuplicates()
                .allSatisfy(offset -> assertThat(offset)
                        .isBetween(0, HostSocketRegisters.windowBytes(HostSocketRegisters.PORTS_MAX) - 4)
                        .matches(value -> value % 4 == 0, "is a multiple of 4"));
    }

    @Test
    void bitsOfARegisterAreDistinct() {
        assertThat(PortRegisters.STATUS_WAITING
                        + PortRegisters.STATUS_CONNECTED
                        + PortRegisters.STATUS_END
                        + PortRegisters.STATUS_BROKEN
                        + PortRegisters.STATUS_FAULT)
                .isEqualTo(0x1f);
        assertThat(PortRegisters.COMMAND_ENABLE + PortRegisters.COMMAND_SHUTDOWN + PortRegisters.COMMAND_RESET)
                .isEqualTo(7);
        assertThat(PortRegisters.CAUSE_CONNECT
                        + PortRegisters.CAUSE_RECEIVED
                        + PortRegisters.CAUSE_SENT
                        + PortRegisters.CAUSE_HANGUP)
                .isEqualTo(PortRegisters.CAUSE_ALL);
    }

    @Test
    void theTwoRingsLieBehindTheirCounters() {
        assertThat(Rings.RECEIVE_DESCRIPTORS).isGreaterThanOrEqualTo(Rings.SENT + 4);
        assertThat(Rings.TRANSMIT_DESCRIPTORS)
                .isEqualTo(Rings.receiveDescriptor(Rings.SLOTS - 1) + Rings.DESCRIPTOR_BYTES);
        assertThat(Rings.transmitDescriptor(Rings.SLOTS)).isEqualTo(Rings.transmitDescriptor(0));
        assertThat(Rings.BYTES).isEqualTo(Rings.transmitDescriptor(Rings.SLOTS - 1) + Rings.DESCRIPTOR_BYTES);
    }
}
