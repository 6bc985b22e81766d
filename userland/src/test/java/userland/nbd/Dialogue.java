// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import userland.fake.FakeKernel;

/** A client's words, and what the server made of them. */
final class Dialogue {
    static final int SIZE_BYTES = 256 * 1024;
    static final int BLOCK_BYTES = 512;

    /** An answer to an option: its type, and what came with it. */
    record OptionReply(int option, int type, ByteBuffer bytes) {
        byte[] data() {
            byte[] data = new byte[bytes.limit()];
            bytes.get(0, data);
            return data;
        }

        String text() {
            return new String(data(), StandardCharsets.UTF_8);
        }
    }

    /** An answer to a request. */
    record Reply(int error, int type, ByteBuffer bytes) {
        byte[] data() {
            byte[] data = new byte[bytes.limit()];
            bytes.get(0, data);
            return data;
        }
    }

    final List<OptionReply> options = new ArrayList<>();
    final Map<Long, Reply> replies = new HashMap<>();
    /** Chunks of replies that have others after them. */
    final List<Reply> pieces = new ArrayList<>();

    MemoryDisk disk;
    /** Why the connection was dropped; null when it was not. */
    String lost;

    private ByteBuffer heard;
    private final Map<Long, Integer> lengths;

    private Dialogue(Map<Long, Integer> lengths) {
        this.lengths = lengths;
    }

    static Dialogue of(Client client) {
        return of(client, 1, disk -> {}, new Export("disk", "a test", false));
    }

    static Dialogue of(Client client, long seed, Consumer<MemoryDisk> prepare, Export export) {
        return of(client, SIZE_BYTES, seed, prepare, export);
    }

    static Dialogue of(Client client, int sizeBytes, long seed, Consumer<MemoryDisk> prepare, Export export) {
        Dialogue dialogue = new Dialogue(readLengths(client.bytes()));
        FakeKernel.Result result = new FakeKernel().main((libc, arguments) -> {
            dialogue.disk = new MemoryDisk(libc.processor(), sizeBytes, BLOCK_BYTES, seed);
            prepare.accept(dialogue.disk);
            ScriptedConnection connection = new ScriptedConnection(libc.processor(), client.bytes(), seed);
            try {
                new Session(libc, export, dialogue.disk).serve(connection);
            } catch (ConnectionLost e) {
                dialogue.lost = e.getMessage();
            }
            dialogue.heard = ByteBuffer.wrap(connection.heard.toByteArray());
            return 0;
        });
        if (result.status() != 0 || !dialogue.disk.isIdle()) {
            throw new AssertionError("seed " + seed + ": status " + result.status() + " " + result.err());
        }
        return dialogue;
    }

    /** What a simple reply does not say: how much data follows it. Found in the client's own words. */
    private static Map<Long, Integer> readLengths(byte[] said) {
        Map<Long, Integer> lengths = new HashMap<>();
        ByteBuffer bytes = ByteBuffer.wrap(said);
        for (int at = 0; at + Protocol.REQUEST_BYTES <= said.length; at++) {
            if (bytes.getInt(at) == Protocol.REQUEST_MAGIC && bytes.getShort(at + 6) == Protocol.CMD_READ) {
                lengths.put(bytes.getLong(at + 8), bytes.getInt(at + 24));
            }
        }
        return lengths;
    }

    /** Takes the greeting and the answers to options apart. */
    Dialogue negotiated() {
        if (heard.getLong() != Protocol.INIT_MAGIC
                || heard.getLong() != Protocol.OPTION_MAGIC
                || heard.getShort() != 3) {
            throw new AssertionError("no greeting");
        }
        while (heard.remaining() >= 20 && heard.getLong(heard.position()) == Protocol.OPTION_REPLY_MAGIC) {
            heard.getLong();
            int option = heard.getInt();
            int type = heard.getInt();
            byte[] data = new byte[heard.getInt()];
            heard.get(data);
            options.add(new OptionReply(option, type, ByteBuffer.wrap(data)));
        }
        return this;
    }

    /** What follows the answers to options. */
    ByteBuffer rest() {
        return heard;
    }

    /** Takes the answers to requests apart, too. */
    Dialogue transmitted() {
        negotiated();
        while (heard.hasRemaining()) {
            int magic = heard.getInt();
            if (magic == Protocol.SIMPLE_REPLY_MAGIC) {
                int error = heard.getInt();
                long cookie = heard.getLong();
                byte[] data = new byte[error == 0 ? lengths.getOrDefault(cookie, 0) : 0];
                heard.get(data);
                add(cookie, new Reply(error, 0, ByteBuffer.wrap(data)));
            } else if (magic == Protocol.STRUCTURED_REPLY_MAGIC) {
                structured();
            } else {
                throw new AssertionError("a reply begins with " + Integer.toHexString(magic));
            }
        }
        return this;
    }

    private void structured() {
        boolean last = heard.getShort() == Protocol.REPLY_FLAG_DONE;
        int type = heard.getShort() & 0xffff;
        long cookie = heard.getLong();
        byte[] data = new byte[heard.getInt()];
        heard.get(data);
        if (!last) {
            pieces.add(new Reply(0, type, ByteBuffer.wrap(data)));
            return;
        }
        add(
                cookie,
                new Reply(
                        type == Protocol.REPLY_ERROR ? ByteBuffer.wrap(data).getInt() : 0,
                        type,
                        ByteBuffer.wrap(data)));
    }

    private void add(long cookie, Reply reply) {
        if (replies.put(cookie, reply) != null) {
            throw new AssertionError("two answers to request " + cookie);
        }
    }

    int error(long cookie) {
        return replies.get(cookie).error();
    }

    /** The bytes that a read was answered with, whatever kind of answer it was. */
    byte[] data(long cookie) {
        Reply reply = replies.get(cookie);
        ByteBuffer data = ByteBuffer.wrap(reply.data());
        return switch (reply.type()) {
            case 0 -> reply.data();
            case Protocol.REPLY_OFFSET_DATA -> Arrays.copyOfRange(reply.data(), Long.BYTES, reply.data().length);
            case Protocol.REPLY_OFFSET_HOLE -> new byte[data.getInt(Long.BYTES)];
            default -> throw new AssertionError("no data in a reply of type " + reply.type());
        };
    }
}
