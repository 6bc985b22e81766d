// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import userland.nbd.Dialogue.OptionReply;

/** Does the server agree on what it can do, and refuse the rest in the way that clients expect? */
final class NegotiationTest {
    private static final Export READ_ONLY = new Export("disk", "a test", true);

    private static OptionReply only(Dialogue dialogue, int option) {
        assertThat(dialogue.options)
                .filteredOn(reply -> reply.option() == option)
                .hasSize(1);
        return dialogue.options.stream()
                .filter(reply -> reply.option() == option)
                .findFirst()
                .orElseThrow();
    }

    private static int exportFlags(Dialogue dialogue) {
        return dialogue.options.stream()
                .filter(reply -> reply.type() == Protocol.REP_INFO)
                .map(reply -> ByteBuffer.wrap(reply.data()))
                .filter(data -> data.getShort(0) == Protocol.INFO_EXPORT)
                .mapToInt(data -> data.getShort(10))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void goTellsSizeAndFlagsAndBeginsTheTransmission() {
        Dialogue dialogue = Dialogue.of(Client.plain().disconnect()).transmitted();
        assertThat(dialogue.lost).isNull();
        assertThat(dialogue.options).extracting(OptionReply::type).containsExactly(Protocol.REP_INFO, Protocol.REP_ACK);
        assertThat(ByteBuffer.wrap(dialogue.options.getFirst().data()).getLong(2))
                .isEqualTo(Dialogue.SIZE_BYTES);
        assertThat(exportFlags(dialogue))
                .isEqualTo(Protocol.HAS_FLAGS
                        | Protocol.SEND_FLUSH
                        | Protocol.SEND_FUA
                        | Protocol.SEND_TRIM
                        | Protocol.SEND_WRITE_ZEROES
                        | Protocol.SEND_DF
                        | Protocol.SEND_FAST_ZERO);
    }

    @Test
    void whoKnowsTheBlockSizesMayUseSeveralConnections() {
        Dialogue dialogue = Dialogue.of(Client.modern().disconnect()).transmitted();
        assertThat(exportFlags(dialogue) & Protocol.CAN_MULTI_CONN).isNotZero();
        ByteBuffer sizes = dialogue.options.stream()
                .map(reply -> ByteBuffer.wrap(reply.data()))
                .filter(data -> data.remaining() == 14 && data.getShort(0) == Protocol.INFO_BLOCK_SIZE)
                .findFirst()
                .orElseThrow();
        assertThat(sizes.getInt(2)).isEqualTo(Dialogue.BLOCK_BYTES);
        assertThat(sizes.getInt(6)).isEqualTo(4096);
        assertThat(sizes.getInt(10)).isEqualTo(32 << 20);
    }

    @Test
    void aReadOnlyExportOrDiskSaysSoAndOffersNoWrites() {
        for (boolean export : new boolean[] {true, false}) {
            Dialogue dialogue = Dialogue.of(
                            Client.plain().disconnect(),
                            1,
                            disk -> disk.readOnly = !export,
                            new Export("disk", "", export))
                    .transmitted();
            assertThat(exportFlags(dialogue))
                    .isEqualTo(Protocol.HAS_FLAGS | Protocol.READ_ONLY | Protocol.SEND_FLUSH | Protocol.SEND_DF);
        }
    }

    @Test
    void aDiskWithoutTrimOffersNone() {
        Dialogue dialogue = Dialogue.of(
                        Client.plain().disconnect(), 1, disk -> disk.canTrim = false, new Export("", "", false))
                .transmitted();
        assertThat(exportFlags(dialogue) & Protocol.SEND_TRIM).isZero();
    }

    @Test
    void listNamesTheExportAndDescribesIt() {
        Dialogue dialogue = Dialogue.of(
                        new Client().flags(3).option(Protocol.OPT_LIST).option(Protocol.OPT_ABORT))
                .negotiated();
        assertThat(dialogue.options)
                .extracting(OptionReply::type)
                .containsExactly(Protocol.REP_SERVER, Protocol.REP_ACK, Protocol.REP_ACK);
        ByteBuffer server = ByteBuffer.wrap(dialogue.options.getFirst().data());
        assertThat(server.getInt()).isEqualTo(4);
        assertThat(dialogue.options.getFirst().text()).endsWith("diska test");
        assertThat(dialogue.lost).isNull();
    }

    @Test
    void infoAnswersLikeGoAndTheNegotiationGoesOn() {
        Dialogue dialogue = Dialogue.of(new Client()
                        .flags(3)
                        .option(
                                Protocol.OPT_INFO,
                                Client.name("disk", Protocol.INFO_NAME, Protocol.INFO_DESCRIPTION, 77))
                        .option(Protocol.OPT_ABORT))
                .negotiated();
        assertThat(dialogue.options)
                .extracting(OptionReply::type)
                .containsExactly(
                        Protocol.REP_INFO, Protocol.REP_INFO, Protocol.REP_INFO, Protocol.REP_ACK, Protocol.REP_ACK);
        assertThat(dialogue.options.get(1).text()).endsWith("disk");
        assertThat(dialogue.options.get(2).text()).endsWith("a test");
    }

    @Test
    void anExportThatIsNotThereIsUnknownAndOneMayAskAgain() {
        Dialogue dialogue = Dialogue.of(new Client()
                        .flags(3)
                        .option(Protocol.OPT_GO, Client.name("other"))
                        .option(Protocol.OPT_GO, Client.name("disk"))
                        .disconnect())
                .transmitted();
        assertThat(dialogue.options.getFirst().type()).isEqualTo(Protocol.REP_ERR_UNKNOWN);
        assertThat(dialogue.options.getFirst().text()).isEqualTo("there is no export 'other'");
        assertThat(dialogue.lost).isNull();
    }

    @Test
    void whatTheServerDoesNotKnowIsUnsupportedAndTlsToo() {
        Dialogue dialogue = Dialogue.of(new Client()
                        .flags(3)
                        .option(4711, new byte[] {1, 2, 3})
                        .option(Protocol.OPT_STARTTLS)
                        .option(11)
                        .option(Protocol.OPT_ABORT))
                .negotiated();
        assertThat(dialogue.options)
                .extracting(OptionReply::type)
                .containsExactly(
                        Protocol.REP_ERR_UNSUP, Protocol.REP_ERR_UNSUP, Protocol.REP_ERR_UNSUP, Protocol.REP_ACK);
    }

    @Test
    void optionsThatAreMalformedAreInvalidAndTheNegotiationGoesOn() {
        byte[][] payloads = {{}, {0, 0, 0, 9, 1}, {0, 0, 0, 0, 0, 5}, {0, 0, 0, 0, 0, 0, 1}, {-1, -1, -1, -1, 0, 0}};
        for (byte[] payload : payloads) {
            Dialogue dialogue = Dialogue.of(new Client()
                            .flags(3)
                            .option(Protocol.OPT_GO, payload)
                            .option(Protocol.OPT_ABORT))
                    .negotiated();
            assertThat(dialogue.options)
                    .extracting(OptionReply::type)
                    .containsExactly(Protocol.REP_ERR_INVALID, Protocol.REP_ACK);
        }
        Dialogue dialogue = Dialogue.of(new Client()
                        .flags(3)
                        .option(Protocol.OPT_STRUCTURED_REPLY, new byte[1])
                        .option(Protocol.OPT_LIST, new byte[1])
                        .option(Protocol.OPT_ABORT))
                .negotiated();
        assertThat(dialogue.options)
                .extracting(OptionReply::type)
                .containsExactly(Protocol.REP_ERR_INVALID, Protocol.REP_ERR_INVALID, Protocol.REP_ACK);
    }

    @Test
    void anOptionThatIsTooLongIsSkippedAndOneThatIsAbsurdEndsTheConnection() {
        Dialogue dialogue = Dialogue.of(new Client()
                        .flags(3)
                        .option(Protocol.OPT_GO, new byte[100_000])
                        .option(Protocol.OPT_ABORT))
                .negotiated();
        assertThat(dialogue.options)
                .extracting(OptionReply::type)
                .containsExactly(Protocol.REP_ERR_TOO_BIG, Protocol.REP_ACK);
        Dialogue absurd = Dialogue.of(new Client().flags(3).raw(to -> {
            to.writeLong(Protocol.OPTION_MAGIC);
            to.writeInt(Protocol.OPT_GO);
            to.writeInt(-1);
        }));
        assertThat(absurd.lost).isEqualTo("option 7 has 4294967295 bytes");
    }

    @Test
    void contextsAreListedAndSet() {
        Dialogue dialogue = Dialogue.of(new Client()
                        .flags(3)
                        .option(Protocol.OPT_LIST_META_CONTEXT, Client.contexts("disk"))
                        .option(Protocol.OPT_STRUCTURED_REPLY)
                        .option(Protocol.OPT_SET_META_CONTEXT, Client.contexts("disk", "base:", "qemu:dirty"))
                        .option(Protocol.OPT_SET_META_CONTEXT, Client.contexts("disk", "x:y", "base:allocation"))
                        .option(Protocol.OPT_ABORT))
                .negotiated();
        assertThat(dialogue.options)
                .extracting(OptionReply::type)
                .containsExactly(
                        Protocol.REP_META_CONTEXT,
                        Protocol.REP_ACK,
                        Protocol.REP_ACK,
                        Protocol.REP_ACK,
                        Protocol.REP_META_CONTEXT,
                        Protocol.REP_ACK,
                        Protocol.REP_ACK);
        assertThat(dialogue.options.getFirst().text()).endsWith("base:allocation");
    }

    @Test
    void contextsWithoutStructuredRepliesAreInvalid() {
        Dialogue dialogue = Dialogue.of(new Client()
                        .flags(3)
                        .option(Protocol.OPT_SET_META_CONTEXT, Client.contexts("", "base:allocation"))
                        .option(Protocol.OPT_ABORT))
                .negotiated();
        assertThat(only(dialogue, Protocol.OPT_SET_META_CONTEXT).type()).isEqualTo(Protocol.REP_ERR_INVALID);
    }

    @Test
    void theOldWayToChooseAnExportWorksWithAndWithoutItsZeroes() {
        for (int flags : new int[] {1, 3}) {
            Dialogue dialogue = Dialogue.of(new Client()
                            .flags(flags)
                            .option(
                                    Protocol.OPT_EXPORT_NAME,
                                    "disk".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                            .disconnect())
                    .negotiated();
            assertThat(dialogue.lost).isNull();
            assertThat(dialogue.rest().getLong()).isEqualTo(Dialogue.SIZE_BYTES);
            assertThat(dialogue.rest().getShort() & Protocol.HAS_FLAGS).isNotZero();
            assertThat(dialogue.rest().remaining()).isEqualTo(flags == 1 ? 124 : 0);
        }
        Dialogue unknown = Dialogue.of(new Client().flags(3).option(Protocol.OPT_EXPORT_NAME, new byte[] {'x', 7}));
        assertThat(unknown.lost).isEqualTo("the client wants the export 'x?'");
    }

    @Test
    void whoSpeaksSomethingElseIsDropped() {
        assertThat(Dialogue.of(new Client().flags(0x100)).lost).isEqualTo("unknown handshake flags 0x100");
        assertThat(Dialogue.of(new Client().flags(3).raw(to -> to.writeLong(42))).lost)
                .isEqualTo("an option begins with the wrong magic number");
        assertThat(Dialogue.of(new Client()).lost).isEqualTo("the client has gone in the middle of a message");
    }

    @Test
    void whoNegotiatesForEverIsDropped() {
        Client client = new Client().flags(3);
        for (int i = 0; i < 1_001; i++) {
            client.option(Protocol.OPT_LIST);
        }
        assertThat(Dialogue.of(client, 1, disk -> {}, READ_ONLY).lost).isEqualTo("endless negotiation");
    }
}
