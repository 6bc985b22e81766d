// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import java.io.ByteArrayOutputStream;
import java.util.SplittableRandom;
import kernel.uapi.UserProcessor;

/** A client that says what it has to say, in pieces as the seed has it, and then goes. */
final class ScriptedConnection implements Connection {
    final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    private final UserProcessor memory;
    private final byte[] says;
    private final SplittableRandom random;
    private int said;

    ScriptedConnection(UserProcessor memory, byte[] says, long seed) {
        this.memory = memory;
        this.says = says;
        random = new SplittableRandom(seed);
    }

    @Override
    public int read(long address, int count) {
        int most = Math.min(count, says.length - said);
        int piece = most == 0 ? 0 : 1 + random.nextInt(most);
        memory.store(address, says, said, piece);
        said += piece;
        return piece;
    }

    @Override
    public void write(long address, int count) {
        byte[] bytes = new byte[count];
        memory.load(address, bytes, 0, count);
        heard.writeBytes(bytes);
    }

    @Override
    public boolean awaitInput(int otherDescriptor) {
        return random.nextBoolean();
    }
}
