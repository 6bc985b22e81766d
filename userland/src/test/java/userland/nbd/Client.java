// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes down what a client says. */
final class Client {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    /** Part of what is said. */
    interface Part {
        void write(DataOutputStream to) throws IOException;
    }

    Client raw(Part part) {
        try {
            part.write(out);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    Client flags(int flags) {
        return raw(to -> to.writeInt(flags));
    }

    Client option(int option, byte[] payload) {
        return raw(to -> {
            to.writeLong(Protocol.OPTION_MAGIC);
            to.writeInt(option);
            to.writeInt(payload.length);
            to.write(payload);
        });
    }

    Client option(int option) {
        return option(option, new byte[0]);
    }

    private static byte[] payload(Part part) {
        return new Client().raw(part).bytes();
    }

    static byte[] name(String name, int... infos) {
        return payload(to -> {
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            to.writeInt(text.length);
            to.write(text);
            to.writeShort(infos.length);
            for (int info : infos) {
                to.writeShort(info);
            }
        });
    }

    static byte[] contexts(String name, String... queries) {
        return payload(to -> {
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            to.writeInt(text.length);
            to.write(text);
            to.writeInt(queries.length);
            for (String query : queries) {
                to.writeInt(query.length());
                to.writeBytes(query);
            }
        });
    }

    /** Up to the transmission, in the way that modern clients have. */
    static Client modern() {
        return new Client()
                .flags(3)
                .option(Protocol.OPT_STRUCTURED_REPLY)
                .option(Protocol.OPT_SET_META_CONTEXT, contexts("", "base:allocation"))
                .option(Protocol.OPT_GO, name("", Protocol.INFO_BLOCK_SIZE));
    }

    /** Up to the transmission, asking for nothing. */
    static Client plain() {
        return new Client().flags(3).option(Protocol.OPT_GO, name(""));
    }

    Client request(int flags, int command, long cookie, long offset, int length) {
        return raw(to -> {
            to.writeInt(Protocol.REQUEST_MAGIC);
            to.writeShort(flags);
            to.writeShort(command);
            to.writeLong(cookie);
            to.writeLong(offset);
            to.writeInt(length);
        });
    }

    Client write(int flags, long cookie, long offset, byte[] data) {
        return request(flags, Protocol.CMD_WRITE, cookie, offset, data.length).raw(to -> to.write(data));
    }

    Client disconnect() {
        return request(0, Protocol.CMD_DISC, 0, 0, 0);
    }
}
