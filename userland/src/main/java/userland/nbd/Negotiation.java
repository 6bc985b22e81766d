// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import static userland.nbd.Protocol.FLAG_FIXED_NEWSTYLE;
import static userland.nbd.Protocol.FLAG_NO_ZEROES;
import static userland.nbd.Protocol.INFO_BLOCK_SIZE;
import static userland.nbd.Protocol.INFO_DESCRIPTION;
import static userland.nbd.Protocol.INFO_EXPORT;
import static userland.nbd.Protocol.INFO_NAME;
import static userland.nbd.Protocol.REP_ACK;
import static userland.nbd.Protocol.REP_ERR_INVALID;
import static userland.nbd.Protocol.REP_ERR_TOO_BIG;
import static userland.nbd.Protocol.REP_ERR_UNKNOWN;
import static userland.nbd.Protocol.REP_ERR_UNSUP;
import static userland.nbd.Protocol.REP_INFO;
import static userland.nbd.Protocol.REP_META_CONTEXT;
import static userland.nbd.Protocol.REP_SERVER;

import java.nio.charset.StandardCharsets;

/** The first part of a connection, in the fixed newstyle: the client asks for options until it has an export or goes. */
final class Negotiation {
    /** Longer options are skipped and refused; much longer ones end the connection. */
    private static final int OPTION_BYTES_MAX = 16 * 1024;

    private static final int OPTION_BYTES_SKIPPED_MAX = 1 << 20;
    /** A client that has not come to the point by then never will. */
    private static final int OPTIONS_MAX = 1_000;

    private static final int ZEROES_BYTES = 124;
    private static final int BLOCK_BYTES_PREFERRED = 4096;

    private final Input input;
    private final Output output;
    private final Export export;
    private final Disk disk;
    private boolean noZeroes;
    private boolean structuredReplies;
    private boolean blockStatus;
    private boolean blockSizesKnown;

    Negotiation(Input input, Output output, Export export, Disk disk) {
        this.input = input;
        this.output = output;
        this.export = export;
        this.disk = disk;
    }

    /**
     * Talks until the client has chosen.
     *
     * @return null when it has gone instead, politely
     * @throws ConnectionLost it has gone otherwise, or does not speak the protocol
     */
    Agreement run() {
        output.putLong(Protocol.INIT_MAGIC)
                .putLong(Protocol.OPTION_MAGIC)
                .putShort(FLAG_FIXED_NEWSTYLE | FLAG_NO_ZEROES)
                .flush();
        int clientFlags = input.getInt();
        if ((clientFlags & ~(FLAG_FIXED_NEWSTYLE | FLAG_NO_ZEROES)) != 0) {
            throw new ConnectionLost("unknown handshake flags 0x" + Integer.toHexString(clientFlags));
        }
        noZeroes = (clientFlags & FLAG_NO_ZEROES) != 0;
        for (int i = 0; i < OPTIONS_MAX; i++) {
            if (input.getLong() != Protocol.OPTION_MAGIC) {
                throw new ConnectionLost("an option begins with the wrong magic number");
            }
            int option = input.getInt();
            long length = input.getInt() & 0xffff_ffffL;
            if (length > OPTION_BYTES_SKIPPED_MAX) {
                throw new ConnectionLost("option %d has %d bytes".formatted(option, length));
            }
            if (length > OPTION_BYTES_MAX) {
                input.skip((int) length);
                reply(option, REP_ERR_TOO_BIG, "too long");
                output.flush();
                continue;
            }
            Payload payload = new Payload(input.getBytes((int) length));
            boolean chosen = option == Protocol.OPT_EXPORT_NAME ? exportName(payload) : answer(option, payload);
            output.flush();
            if (chosen) {
                return new Agreement(structuredReplies, blockStatus, blockSizesKnown);
            }
            if (option == Protocol.OPT_ABORT) {
                return null;
            }
        }
        throw new ConnectionLost("endless negotiation");
    }

    private boolean answer(int option, Payload payload) {
        try {
            switch (option) {
                case Protocol.OPT_ABORT -> reply(option, REP_ACK);
                case Protocol.OPT_LIST -> list(option, payload);
                case Protocol.OPT_INFO, Protocol.OPT_GO -> {
                    return info(option, payload) && option == Protocol.OPT_GO;
                }
                case Protocol.OPT_STRUCTURED_REPLY -> {
                    payload.end();
                    structuredReplies = true;
                    reply(option, REP_ACK);
                }
                case Protocol.OPT_LIST_META_CONTEXT, Protocol.OPT_SET_META_CONTEXT -> metaContext(option, payload);
                case Protocol.OPT_STARTTLS -> reply(option, REP_ERR_UNSUP, "this server has no TLS");
                default -> reply(option, REP_ERR_UNSUP, "unknown option");
            }
        } catch (Payload.Malformed e) {
            reply(option, REP_ERR_INVALID, e.getMessage());
        }
        return false;
    }

    /** The old way, which has no way to say no. */
    private boolean exportName(Payload payload) {
        String name = payload.rest();
        if (!export.isNamed(name)) {
            throw new ConnectionLost("the client wants the export '" + printable(name) + "'");
        }
        output.putLong(disk.sizeBytes()).putShort(flags());
        if (!noZeroes) {
            output.putBytes(new byte[ZEROES_BYTES]);
        }
        return true;
    }

    private void list(int option, Payload payload) throws Payload.Malformed {
        payload.end();
        byte[] name = bytes(export.name());
        byte[] description = bytes(export.description());
        header(option, REP_SERVER, Integer.BYTES + name.length + description.length)
                .putInt(name.length)
                .putBytes(name)
                .putBytes(description);
        reply(option, REP_ACK);
    }

    private boolean info(int option, Payload payload) throws Payload.Malformed {
        String name = payload.string(payload.getInt());
        int count = payload.getShort();
        boolean wantsName = false;
        boolean wantsDescription = false;
        boolean wantsBlockSizes = false;
        for (int i = 0; i < count; i++) {
            int wanted = payload.getShort();
            wantsName |= wanted == INFO_NAME;
            wantsDescription |= wanted == INFO_DESCRIPTION;
            wantsBlockSizes |= wanted == INFO_BLOCK_SIZE;
        }
        payload.end();
        if (!export.isNamed(name)) {
            reply(option, REP_ERR_UNKNOWN, "there is no export '" + printable(name) + "'");
            return false;
        }
        blockSizesKnown = wantsBlockSizes;
        header(option, REP_INFO, 12)
                .putShort(INFO_EXPORT)
                .putLong(disk.sizeBytes())
                .putShort(flags());
        if (wantsName) {
            text(option, INFO_NAME, export.name());
        }
        if (wantsDescription) {
            text(option, INFO_DESCRIPTION, export.description());
        }
        if (wantsBlockSizes) {
            header(option, REP_INFO, 14)
                    .putShort(INFO_BLOCK_SIZE)
                    .putInt(disk.blockBytes())
                    .putInt(Math.max(disk.blockBytes(), BLOCK_BYTES_PREFERRED))
                    .putInt(Protocol.PAYLOAD_BYTES_MAX);
        }
        reply(option, REP_ACK);
        return true;
    }

    private void text(int option, int kind, String text) {
        byte[] bytes = bytes(text);
        header(option, REP_INFO, Short.BYTES + bytes.length).putShort(kind).putBytes(bytes);
    }

    private void metaContext(int option, Payload payload) throws Payload.Malformed {
        boolean set = option == Protocol.OPT_SET_META_CONTEXT;
        if (set) {
            blockStatus = false;
        }
        String name = payload.string(payload.getInt());
        int queries = payload.getInt();
        boolean found = queries == 0 && !set;
        for (int i = 0; i < queries; i++) {
            String query = payload.string(payload.getInt());
            found |= query.equals(Protocol.BASE_ALLOCATION) || (!set && query.equals("base:"));
        }
        payload.end();
        if (set && !structuredReplies) {
            throw new Payload.Malformed("first structured replies, then contexts");
        }
        if (!export.isNamed(name)) {
            reply(option, REP_ERR_UNKNOWN, "there is no export '" + printable(name) + "'");
            return;
        }
        if (found) {
            byte[] context = bytes(Protocol.BASE_ALLOCATION);
            header(option, REP_META_CONTEXT, Integer.BYTES + context.length)
                    .putInt(Protocol.BASE_ALLOCATION_ID)
                    .putBytes(context);
        }
        blockStatus |= set && found;
        reply(option, REP_ACK);
    }

    /**
     * What the export can do. Several connections see the same disk and one's flush covers the other's writes; but a client that does not keep to whole
     * blocks, for it does not know them, would have its parts of blocks put together on each connection by itself.
     */
    private int flags() {
        int flags = Protocol.HAS_FLAGS | Protocol.SEND_FLUSH | Protocol.SEND_DF;
        if (blockSizesKnown || disk.blockBytes() == 1) {
            flags |= Protocol.CAN_MULTI_CONN;
        }
        if (export.readOnly() || disk.isReadOnly()) {
            return flags | Protocol.READ_ONLY;
        }
        flags |= Protocol.SEND_FUA | Protocol.SEND_WRITE_ZEROES | Protocol.SEND_FAST_ZERO;
        return disk.canTrim() ? flags | Protocol.SEND_TRIM : flags;
    }

    private Output header(int option, int type, int length) {
        return output.putLong(Protocol.OPTION_REPLY_MAGIC)
                .putInt(option)
                .putInt(type)
                .putInt(length);
    }

    private void reply(int option, int type) {
        header(option, type, 0);
    }

    private void reply(int option, int type, String message) {
        byte[] bytes = bytes(message);
        header(option, type, bytes.length).putBytes(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What a client says may be anything; in messages it is short and harmless. */
    private static String printable(String text) {
        String start = text.length() > 100 ? text.substring(0, 100) + "..." : text;
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
