// SPDX-License-Identifier: Apache-2.0
package drivers.hostsocket;

import static kernel.uapi.OpenFlags.O_RDWR;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import testkit.Exploration;
import testkit.TestProcess;

/** Does every byte arrive, once and in order, however interrupts and processors come in between? */
final class HostSocketExplorationTest {
    private static final String TEXT = "the quick brown fox ".repeat(100);

    @Test
    void twoConnectionsAtOnceEchoAllThatTheyHear() {
        Exploration.of(60).run(kernel -> {
            ScriptedWorld world = ScriptedWorld.plug(kernel, 2);
            Peer[] peers = {world.caller(""), world.caller("")};
            TestProcess[] processes = new TestProcess[peers.length];
            for (int i = 0; i < peers.length; i++) {
                peers[i].echo = true;
                String port = "/dev/hostsock0p" + i;
                processes[i] = kernel.start("echo" + i, libc -> {
                    int fd = libc.open(port, O_RDWR);
                    for (int round = 0; round < 3; round++) {
                        ScriptedWorld.writeAll(libc, fd, TEXT);
                        if (!ScriptedWorld.readAll(libc, fd, TEXT.length(), 500).equals(TEXT)) {
                            return 1;
                        }
                    }
                    libc.close(fd);
                    return 0;
                });
            }
            kernel.run();
            for (TestProcess process : processes) {
                assertThat(process.isAlive()).isFalse();
                assertThat(process.exitCode()).isZero();
            }
        });
    }

    @Test
    void aDeviceThatIsPulledOutAtAnyTimeLeavesNobodyAsleep() {
        Exploration.of(200).run(kernel -> {
            ScriptedWorld world = ScriptedWorld.plug(kernel, 1);
            world.caller("").echo = true;
            TestProcess server = kernel.start("echo", libc -> {
                long fd = libc.raw().open("/dev/hostsock0p0", O_RDWR, 0);
                while (fd >= 0 && libc.raw().write((int) fd, libc.ioBuffer(), 100) > 0) {
                    if (libc.raw().read((int) fd, libc.ioBuffer(), 100) <= 0) {
                        return 0;
                    }
                }
                return 0;
            });
            kernel.runFor(kernel.kernel().config().seed() % 200 * 1_000);
            kernel.unplug(world.device);
            kernel.run();
            assertThat(server.isAlive()).isFalse();
        });
    }
}
