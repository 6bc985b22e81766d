// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Clients that say anything at all: each is served or dropped, none harms the server, and nothing stays under way. */
final class NbdFuzzTest {
    private static final int RUNS = Boolean.getBoolean("ubend.campaign") ? 50_000 : 1_000;

    /** What a client might say in good faith, before it is garbled. */
    private static Client plausible(SplittableRandom random) {
        Client client = random.nextBoolean() ? Client.modern() : Client.plain();
        for (int i = random.nextInt(12); i >= 0; i--) {
            int length = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(5000);
            long offset = random.nextInt(8) == 0 ? random.nextLong() : random.nextInt(Dialogue.SIZE_BYTES);
            int flags = random.nextInt(6) == 0 ? random.nextInt(1 << 16) : 0;
            switch (random.nextInt(4)) {
                case 0 -> {
                    byte[] data = new byte[random.nextInt(5000)];
                    random.nextBytes(data);
                    client.write(flags, i, offset, data);
                }
                case 1 -> client.option(random.nextInt(14), new byte[random.nextInt(40)]);
                default -> client.request(flags, random.nextInt(9), i, offset, length);
            }
        }
        return client;
    }

    private static byte[] garbled(byte[] bytes, SplittableRandom random) {
        byte[] garbled = bytes.clone();
        for (int i = random.nextInt(4); i > 0; i--) {
            garbled[random.nextInt(garbled.length)] = (byte) random.nextInt();
        }
        return random.nextInt(3) == 0 ? Arrays.copyOf(garbled, random.nextInt(garbled.length)) : garbled;
    }

    @Test
    void nothingThatAClientSaysBreaksTheServer() {
        int dropped = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] says = garbled(plausible(random).bytes(), random);
            Client client = new Client().raw(to -> to.write(says));
            // Dialogue itself fails when the server crashes or leaves something under way.
            Dialogue dialogue = Dialogue.of(client, seed, disk -> {}, new Export("", "", false));
            dropped += dialogue.lost == null ? 0 : 1;
        }
        assertThat(dropped).as("some are dropped, some say goodbye").isBetween(RUNS / 4, RUNS - 1);
    }
}
