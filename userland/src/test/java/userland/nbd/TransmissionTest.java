// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import kernel.uapi.Errno;
import org.junit.jupiter.api.Test;

/** Does every request get its one answer, and the disk what the client meant? */
final class TransmissionTest {
    private static final int SIZE = Dialogue.SIZE_BYTES;

    private static byte[] pattern(int length, int seed) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) seed);
        return bytes;
    }

    @Test
    void whatIsWrittenIsReadInBothKindsOfReply() {
        for (Client client : new Client[] {Client.plain(), Client.modern()}) {
            byte[] data = pattern(8192, 0x5a);
            // Requests may overtake each other: the read waits until the write has been answered, as clients do, by a
            // flush of the pipe.
            Dialogue write = Dialogue.of(client.write(0, 1, 4096, data)
                            .request(0, Protocol.CMD_FLUSH, 2, 0, 0)
                            .disconnect())
                    .transmitted();
            assertThat(write.error(1)).isZero();
            assertThat(write.error(2)).isZero();
            assertThat(Arrays.copyOfRange(write.disk.content, 4096, 12288)).isEqualTo(data);
        }
        for (Client client : new Client[] {Client.plain(), Client.modern()}) {
            Dialogue read = Dialogue.of(
                            client.request(0, Protocol.CMD_READ, 7, 512, 3584).disconnect(),
                            1,
                            disk -> Arrays.fill(disk.content, (byte) 3),
                            new Export("", "", false))
                    .transmitted();
            assertThat(read.data(7)).isEqualTo(pattern(3584, 3));
        }
    }

    @Test
    void zeroesAreAnsweredAsAHoleWhereRepliesHaveHoles() {
        Dialogue dialogue = Dialogue.of(Client.modern()
                        .request(0, Protocol.CMD_READ, 1, 0, 65536)
                        .disconnect())
                .transmitted();
        assertThat(dialogue.replies.get(1L).type()).isEqualTo(Protocol.REPLY_OFFSET_HOLE);
        assertThat(dialogue.data(1)).isEqualTo(new byte[65536]);
    }

    @Test
    void whatIsTooLargeForOnePieceArrivesWholeAndMemoryStaysBounded() {
        int size = 4 << 20;
        int length = (3 << 20) - 1000;
        byte[] data = new byte[length];
        new SplittableRandom(3).nextBytes(data);
        Dialogue plain = Dialogue.of(
                        Client.plain()
                                .write(Protocol.CMD_FLAG_FUA, 1, 100, data)
                                .request(0, Protocol.CMD_READ, 2, 100, length)
                                .request(0, Protocol.CMD_WRITE_ZEROES, 3, 200, length - 200)
                                .disconnect(),
                        size,
                        1,
                        disk -> Arrays.fill(disk.content, (byte) 5),
                        new Export("", "", false))
                .transmitted();
        assertThat(plain.data(2)).isEqualTo(data);
        assertThat(plain.disk.content[99]).isEqualTo((byte) 5);
        assertThat(plain.disk.content[100]).isEqualTo(data[0]);
        assertThat(Arrays.copyOfRange(plain.disk.content, 200, length)).containsOnly(0);
        assertThat(plain.disk.content[length]).isEqualTo(data[length - 100]);
        assertThat(plain.disk.content[length + 100]).isEqualTo((byte) 5);
        assertThat(plain.disk.done).contains("WRITE FUA").doesNotContain("ZERO");

        Dialogue structured = Dialogue.of(
                        Client.modern()
                                .request(0, Protocol.CMD_READ, 1, 512, 3 << 20)
                                .request(Protocol.CMD_FLAG_DF, Protocol.CMD_READ, 2, 0, 3 << 20)
                                .disconnect(),
                        size,
                        1,
                        disk -> Arrays.fill(disk.content, (byte) 5),
                        new Export("", "", false))
                .transmitted();
        assertThat(structured.pieces).hasSize(3);
        assertThat(structured.data(1)).isEqualTo(pattern(512, 5));
        assertThat(structured.error(2)).isEqualTo(Errno.EOVERFLOW);
    }

    @Test
    void aDiskThatFailsInTheMiddleOfASimpleReplyEndsTheConnection() {
        Dialogue dialogue = Dialogue.of(
                Client.plain().request(0, Protocol.CMD_READ, 1, 0, 3 << 20).disconnect(),
                4 << 20,
                1,
                disk -> disk.failFrom = 1 << 20,
                new Export("", "", false));
        assertThat(dialogue.lost).isEqualTo("the disk failed in the middle of a reply");
    }

    @Test
    void manyRequestsAreUnderWayAtOnceAndAllAreAnswered() {
        Client client = Client.modern();
        for (int i = 0; i < 100; i++) {
            client.request(0, Protocol.CMD_READ, i, i * 512L, 512);
        }
        Dialogue dialogue = Dialogue.of(client.disconnect()).transmitted();
        assertThat(dialogue.replies).hasSize(100);
        assertThat(dialogue.disk.mostUnderWay).isGreaterThan(8);
    }

    @Test
    void forcedUnitAccessReachesTheDisk() {
        Dialogue dialogue = Dialogue.of(Client.plain()
                        .write(Protocol.CMD_FLAG_FUA, 1, 0, pattern(512, 1))
                        .request(Protocol.CMD_FLAG_FUA, Protocol.CMD_WRITE_ZEROES, 2, 4096, 512)
                        .request(0, Protocol.CMD_TRIM, 3, 8192, 512)
                        .disconnect())
                .transmitted();
        assertThat(dialogue.disk.done).containsExactlyInAnyOrder("WRITE FUA", "ZERO FUA", "TRIM");
    }

    @Test
    void refusalsHaveTheErrorsThatTheProtocolNames() {
        int read = Protocol.CMD_READ;
        Dialogue dialogue = Dialogue.of(Client.modern()
                        .request(0, read, 1, SIZE, 512)
                        .request(0, read, 2, SIZE - 512, 1024)
                        .request(0, read, 3, -512, 512)
                        .request(0, read, 4, Long.MAX_VALUE - 100, 512)
                        .request(0, read, 5, 0, 0)
                        .request(0, read, 6, 0, -1)
                        .request(1 << 15, read, 7, 0, 512)
                        .request(0, 99, 8, 0, 512)
                        .write(0, 9, SIZE, pattern(512, 1))
                        .request(0, Protocol.CMD_WRITE_ZEROES, 10, SIZE, 512)
                        .request(0, read, 11, 1, 512)
                        .write(0, 12, 512, pattern(100, 1))
                        .request(0, Protocol.CMD_TRIM, 13, SIZE, 512)
                        .request(0, read, 14, 0, 512)
                        .disconnect())
                .transmitted();
        for (long cookie : new long[] {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13}) {
            assertThat(dialogue.error(cookie)).as("request %d", cookie).isEqualTo(Errno.EINVAL);
        }
        assertThat(dialogue.error(9)).isEqualTo(Errno.ENOSPC);
        assertThat(dialogue.error(10)).isEqualTo(Errno.ENOSPC);
        assertThat(dialogue.error(14)).as("and the connection goes on").isZero();
        assertThat(dialogue.disk.content).containsOnly(0);
    }

    @Test
    void writesToAReadOnlyExportAreNotPermittedAndTheirDataIsSkipped() {
        Dialogue dialogue = Dialogue.of(
                        Client.plain()
                                .write(0, 1, 0, pattern(100_000, 1))
                                .request(0, Protocol.CMD_TRIM, 2, 0, 512)
                                .request(0, Protocol.CMD_WRITE_ZEROES, 3, 0, 512)
                                .request(0, Protocol.CMD_FLUSH, 4, 0, 0)
                                .request(0, Protocol.CMD_READ, 5, 0, 512)
                                .disconnect(),
                        1,
                        disk -> {},
                        new Export("", "", true))
                .transmitted();
        for (long cookie : new long[] {1, 2, 3}) {
            assertThat(dialogue.error(cookie)).isEqualTo(Errno.EPERM);
        }
        assertThat(dialogue.error(4)).isZero();
        assertThat(dialogue.error(5)).isZero();
    }

    @Test
    void errorsOfTheDiskAreToldWithNumbersThatTheProtocolKnows() {
        int[][] pairs = {
            {Errno.EIO, Errno.EIO},
            {Errno.ENOSPC, Errno.ENOSPC},
            {Errno.ENODEV, Errno.ESHUTDOWN},
            {Errno.EROFS, Errno.EPERM},
            {Errno.EILSEQ, Errno.EIO},
        };
        for (int[] pair : pairs) {
            for (Client client : new Client[] {Client.plain(), Client.modern()}) {
                Dialogue dialogue = Dialogue.of(
                                client.request(0, Protocol.CMD_READ, 1, 0, 512)
                                        .write(0, 2, 0, pattern(512, 1))
                                        .disconnect(),
                                1,
                                disk -> disk.failWith = pair[0],
                                new Export("", "", false))
                        .transmitted();
                assertThat(dialogue.error(1)).isEqualTo(pair[1]);
                assertThat(dialogue.error(2)).isEqualTo(pair[1]);
            }
        }
    }

    @Test
    void fastZeroIsRefusedWhereZeroingIsNoFasterThanWriting() {
        Client client = Client.modern()
                .request(Protocol.CMD_FLAG_FAST_ZERO, Protocol.CMD_WRITE_ZEROES, 1, 0, 512)
                .request(Protocol.CMD_FLAG_NO_HOLE, Protocol.CMD_WRITE_ZEROES, 2, 512, 512)
                .disconnect();
        Dialogue slow = Dialogue.of(client, 1, disk -> disk.canZeroFast = false, new Export("", "", false))
                .transmitted();
        assertThat(slow.error(1)).isEqualTo(Errno.EOPNOTSUPP);
        assertThat(slow.error(2)).isZero();
        assertThat(Dialogue.of(client).transmitted().error(1)).isZero();
    }

    @Test
    void partsOfBlocksAreTrimmedNotAtAllAndZeroedExactly() {
        Dialogue dialogue = Dialogue.of(
                        Client.plain()
                                .request(0, Protocol.CMD_TRIM, 1, 100, 1500)
                                .request(0, Protocol.CMD_WRITE_ZEROES, 2, 10_000, 3)
                                .request(0, Protocol.CMD_TRIM, 3, 20_000, 10)
                                .disconnect(),
                        1,
                        disk -> Arrays.fill(disk.content, (byte) 9),
                        new Export("", "", false))
                .transmitted();
        byte[] expected = pattern(SIZE, 9);
        Arrays.fill(expected, 512, 1536, (byte) 0);
        Arrays.fill(expected, 10_000, 10_003, (byte) 0);
        assertThat(dialogue.disk.content).isEqualTo(expected);
        assertThat(dialogue.error(3)).isZero();
    }

    @Test
    void partsOfBlocksWrittenSideBySideAllArrive() {
        for (int seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Client client = Client.plain();
            byte[] expected = pattern(SIZE, 7);
            // Pieces that share blocks with their neighbours and nothing else.
            int at = 0;
            for (int i = 0; at < 60_000; i++) {
                int length = 1 + random.nextInt(random.nextInt(4) == 0 ? 3000 : 300);
                byte[] data = new byte[length];
                random.nextBytes(data);
                client.write(0, i, at, data);
                System.arraycopy(data, 0, expected, at, length);
                at += length;
            }
            Dialogue dialogue = Dialogue.of(
                    client.disconnect(), seed, disk -> Arrays.fill(disk.content, (byte) 7), new Export("", "", false));
            assertThat(dialogue.disk.content).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    void blockStatusTellsZeroesFromData() {
        Dialogue dialogue = Dialogue.of(
                        Client.modern()
                                .request(0, Protocol.CMD_BLOCK_STATUS, 1, 0, SIZE)
                                .request(Protocol.CMD_FLAG_REQ_ONE, Protocol.CMD_BLOCK_STATUS, 2, 0, SIZE)
                                .request(0, Protocol.CMD_BLOCK_STATUS, 3, 70_144, 512)
                                .disconnect(),
                        1,
                        disk -> disk.content[70_000] = 1,
                        new Export("", "", false))
                .transmitted();
        assertThat(extents(dialogue, 1)).containsExactly(65_536, 2, 65_536, 0, 131_072, 2);
        assertThat(extents(dialogue, 2)).containsExactly(65_536, 2);
        assertThat(extents(dialogue, 3)).containsExactly(512, 2);
    }

    private static int[] extents(Dialogue dialogue, long cookie) {
        ByteBuffer data = ByteBuffer.wrap(dialogue.replies.get(cookie).data());
        assertThat(data.getInt()).isEqualTo(Protocol.BASE_ALLOCATION_ID);
        int[] numbers = new int[data.remaining() / Integer.BYTES];
        data.asIntBuffer().get(numbers);
        return numbers;
    }

    @Test
    void blockStatusWithoutItsContextIsInvalid() {
        Dialogue dialogue = Dialogue.of(Client.plain()
                        .request(0, Protocol.CMD_BLOCK_STATUS, 1, 0, 512)
                        .disconnect())
                .transmitted();
        assertThat(dialogue.error(1)).isEqualTo(Errno.EINVAL);
    }

    @Test
    void whoLiesIsDroppedAndWhatWasUnderWayIsFinished() {
        assertThat(Dialogue.of(Client.modern().write(0, 1, 0, pattern(512, 1)).raw(to -> to.write(pattern(28, 0x41))))
                        .lost)
                .isEqualTo("a request begins with 0x41414141");
        assertThat(Dialogue.of(Client.modern().request(0, Protocol.CMD_WRITE, 1, 0, -1)).lost)
                .isEqualTo("a write of 4294967295 bytes");
        assertThat(Dialogue.of(Client.modern().request(0, Protocol.CMD_WRITE, 1, 0, 4096)).lost)
                .isEqualTo("the client has gone in the middle of its data");
        assertThat(Dialogue.of(Client.modern().request(0, Protocol.CMD_READ, 1, 0, 4096)).lost)
                .isEqualTo("the client has gone while its requests were under way");
        assertThat(Dialogue.of(Client.modern()).lost)
                .as("who has nothing to wait for may just go")
                .isNull();
        assertThat(Dialogue.of(Client.modern().raw(to -> to.writeInt(Protocol.REQUEST_MAGIC))).lost)
                .isEqualTo("the client has gone in the middle of a message");
    }
}
