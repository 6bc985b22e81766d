// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket;

import static hardware.hostsocket.registers.PortRegisters.COMMAND_RESET;
import static hardware.hostsocket.registers.PortRegisters.COMMAND_SHUTDOWN;
import static hardware.hostsocket.registers.PortRegisters.STATUS_BROKEN;
import static hardware.hostsocket.registers.PortRegisters.STATUS_CONNECTED;
import static hardware.hostsocket.registers.PortRegisters.STATUS_END;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hardware.hostsocket.registers.HostSocketRegisters;
import hardware.machine.Machine;
import hardware.machine.bus.BusDevice;
import hardware.machine.time.HostTimeline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The device and real sockets of the host. Waits are for conditions; the time limit is for tests that hang. */
@Timeout(60)
final class HostListenerTest {
    private final HostTimeline timeline = new HostTimeline("test hardware", () -> {}, (thread, thrown) -> {});
    private final Machine machine = new Machine(1, 1 << 20, true, timeline, 1);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        machine.bus().devices().forEach(device -> machine.bus().detach(device.name()));
        timeline.close();
    }

    private BusDevice plug(String listen) {
        return machine.bus().attach(new HostSocketFactory().create(Map.of("listen", listen, "ports", "2")));
    }

    private Path socket() {
        return directory.resolve("socket");
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket()));
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private static String receive(SocketChannel channel, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
            assertThat(bytes.position()).isLessThanOrEqualTo(count);
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] next(PortDriver driver) {
        byte[][] bytes = new byte[1][];
        await(() -> (bytes[0] = driver.next()) != null);
        return bytes[0];
    }

    @Test
    void bytesGoBothWaysAndTheEndIsTold() throws IOException {
        PortDriver driver = new PortDriver(machine, plug("unix:" + socket()), 0);
        try (SocketChannel client = connect()) {
            driver.post(4);
            driver.enable();
            await(() -> driver.status() == STATUS_CONNECTED);
            driver.post(4);
            client.write(bytes("question"));
            assertThat(next(driver)).isEqualTo("question".getBytes(StandardCharsets.US_ASCII));
            driver.send("answer".getBytes(StandardCharsets.US_ASCII));
            assertThat(receive(client, 6)).isEqualTo("answer");
            client.shutdownOutput();
            await(() -> driver.status() == (STATUS_CONNECTED | STATUS_END));
            driver.send("farewell".getBytes(StandardCharsets.US_ASCII));
            driver.command(COMMAND_SHUTDOWN);
            assertThat(receive(client, 100)).isEqualTo("farewell");
        }
    }

    @Test
    void aConnectionThatComesBeforeAPortIsEnabledWaitsForIt() throws IOException {
        PortDriver driver = new PortDriver(machine, plug("unix:" + socket()), 1);
        try (SocketChannel client = connect()) {
            client.write(bytes("early"));
            driver.enable();
            await(() -> driver.status() == STATUS_CONNECTED);
            driver.post(1);
            assertThat(next(driver)).hasSize(5);
        }
    }

    @Test
    void aPeerThatFloodsIsHeldBackUntilThereIsRoom() throws IOException {
        PortDriver driver = new PortDriver(machine, plug("unix:" + socket()), 0);
        driver.enable();
        try (SocketChannel client = connect()) {
            await(() -> driver.status() == STATUS_CONNECTED);
            driver.post(2);
            client.configureBlocking(false);
            ByteBuffer flood = ByteBuffer.allocate(1 << 16);
            long accepted = 0;
            // Nobody takes what is in the two buffers: the host's own queue fills up and then takes no more.
            for (int refused = 0; refused < 1000; ) {
                int written = client.write(flood.clear());
                accepted += written;
                refused = written == 0 ? refused + 1 : 0;
                assertThat(accepted).isLessThan(64L << 20);
            }
            long received = 0;
            while (received < accepted) {
                received += next(driver).length;
                driver.post(1);
            }
            assertThat(received).isEqualTo(accepted);
        }
    }

    @Test
    void aPeerThatIsGoneBreaksTheConnectionWhenSomethingIsSent() throws IOException {
        PortDriver driver = new PortDriver(machine, plug("unix:" + socket()), 0);
        driver.enable();
        connect().close();
        await(() -> driver.status() == STATUS_CONNECTED);
        driver.send("nobody there".getBytes(StandardCharsets.US_ASCII));
        await(() -> (driver.status() & STATUS_BROKEN) != 0);
    }

    @Test
    void resetHangsUpAndThePortTakesTheNext() throws IOException {
        PortDriver driver = new PortDriver(machine, plug("unix:" + socket()), 0);
        driver.enable();
        try (SocketChannel first = connect()) {
            await(() -> driver.status() == STATUS_CONNECTED);
            driver.command(COMMAND_RESET);
            assertThat(first.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
        driver.enable();
        try (SocketChannel second = connect()) {
            await(() -> driver.status() == STATUS_CONNECTED);
            assertThat(second.isConnected()).isTrue();
        }
    }

    @Test
    void unpluggingHangsUpAndRemovesThePath() throws IOException {
        BusDevice device = plug("unix:" + socket());
        PortDriver driver = new PortDriver(machine, device, 0);
        driver.enable();
        try (SocketChannel client = connect()) {
            await(() -> driver.status() == STATUS_CONNECTED);
            machine.bus().detach(device.name());
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
        assertThat(socket()).doesNotExist();
        plug("unix:" + socket());
        assertThat(socket()).exists();
    }

    @Test
    void aPathWhereSomebodyListensIsInUse() {
        plug("unix:" + socket());
        assertThatThrownBy(() -> plug("unix:" + socket()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("hostsocket: cannot listen at unix:" + socket() + ": Address already in use");
        assertThat(machine.bus().devices()).hasSize(1);
        assertThat(socket()).exists();
    }

    @Test
    void aFileThatSomebodyLeftBehindIsReplaced() throws IOException {
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(socket()));
        }
        assertThat(socket()).exists();
        PortDriver driver = new PortDriver(machine, plug("unix:" + socket()), 0);
        driver.enable();
        try (SocketChannel client = connect()) {
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void whatIsNoSocketIsLeftAlone() throws IOException {
        Files.writeString(socket(), "precious");
        assertThatThrownBy(() -> plug("unix:" + socket())).hasMessageEndingWith("File exists, and is no socket");
        assertThat(socket()).hasContent("precious");
    }

    @Test
    void aDirectoryThatIsMissingIsTold() {
        assertThatThrownBy(() -> plug("unix:" + directory.resolve("missing/socket")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith("missing/socket: No such file or directory");
        assertThat(machine.bus().devices()).isEmpty();
    }

    @Test
    void aPathThatSomebodyElseHasTakenMeanwhileIsNotRemoved() throws IOException {
        BusDevice device = plug("unix:" + socket());
        Files.move(socket(), directory.resolve("aside"));
        Files.writeString(socket(), "another one's");
        machine.bus().detach(device.name());
        assertThat(socket()).hasContent("another one's");
    }

    @Test
    void aTcpPortOfTheHostsChoiceIsTold() throws IOException {
        BusDevice device = plug("tcp:127.0.0.1:0");
        int port = device.read32(HostSocketRegisters.TCP_PORT.offset());
        PortDriver driver = new PortDriver(machine, device, 0);
        driver.enable();
        try (SocketChannel client = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            await(() -> driver.status() == STATUS_CONNECTED);
            assertThat(client.isConnected()).isTrue();
        }
        assertThatThrownBy(() -> plug("tcp:127.0.0.1:" + port)).hasMessageEndingWith("Address already in use");
    }
}
