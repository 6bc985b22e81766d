// SPDX-License-Identifier: Apache-2.0
package drivers.hostsocket;

import static drivers.hostsocket.ScriptedWorld.readAll;
import static drivers.hostsocket.ScriptedWorld.writeAll;
import static kernel.uapi.Errno.EAGAIN;
import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.ECONNRESET;
import static kernel.uapi.Errno.EFAULT;
import static kernel.uapi.Errno.EINTR;
import static kernel.uapi.Errno.EIO;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.EPIPE;
import static kernel.uapi.OpenFlags.O_NONBLOCK;
import static kernel.uapi.OpenFlags.O_RDWR;
import static kernel.uapi.PollEvents.POLLHUP;
import static kernel.uapi.PollEvents.POLLIN;
import static kernel.uapi.PollEvents.POLLOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hardware.hostsocket.registers.PortRegisters;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import kernel.uapi.Signal;
import testkit.KernelTest;
import testkit.TestKernel;
import testkit.TestProcess;
import userland.libc.SystemCallException;

/** What a program sees of a port. */
final class HostSocketDriverTest {
    private static final String PORT = "/dev/hostsock0p0";
    private static final String LONG = "0123456789abcdef".repeat(20_000);

    private static String heard(Peer peer) {
        return peer.heard.toString(StandardCharsets.US_ASCII);
    }

    @KernelTest
    void everyPortHasANode(TestKernel kernel) {
        ScriptedWorld.plug(kernel, 2);
        ScriptedWorld.plug(kernel, 1);
        kernel.run("ls", libc -> {
            assertThat(libc.listDirectory("/dev"))
                    .extracting(entry -> entry.name())
                    .contains("hostsock0p0", "hostsock0p1", "hostsock1p0")
                    .doesNotContain("hostsock1p1", "hostsock0p2");
            return 0;
        });
    }

    @KernelTest
    void openWaitsForSomebodyToConnect(TestKernel kernel) {
        ScriptedWorld world = ScriptedWorld.plug(kernel, 1);
        TestProcess server = kernel.start("server", libc -> {
            libc.open(PORT, O_RDWR);
            return 0;
        });
        kernel.run();
        assertThat(server.isAlive()).isTrue();
        world.caller("");
        kernel.run();
        assertThat(server.exitCode()).isZero();
    }

    @KernelTest
    void bytesGoBothWaysInOrderHoweverManyThereAre(TestKernel kernel) {
        ScriptedWorld world = ScriptedWorld.plug(kernel, 1);
        Peer peer = world.caller(LONG);
        peer.endsWhenSaid = true;
        List<String> read = new ArrayList<>();
        kernel.run("server", libc -> {
            int fd = libc.open(PORT, O_RDWR);
            read.add(readAll(libc, fd, Integer.MAX_VALUE, 7_000));
            writeAll(libc, fd, LONG);
            libc.close(fd);
            return 0;
        });
        assertThat(read).containsExactly(LONG);
        assertThat(heard(peer)).isEqualTo(LONG);
        assertThat(peer.hungUp).isTrue();
    }

    @KernelTest
    void readAnswersWhatThereIsAndDoesNotWaitForMore(TestKernel kernel) {
        ScriptedWorld.plug(kernel, 1).caller("hello");
        kernel.run("server", libc -> {
            int fd = libc.open(PORT, O_RDWR);
            assertThat(libc.read(fd, libc.ioBuffer(), 0)).isZero();
            assertThat(libc.read(fd, libc.ioBuffer(), 2)).isEqualTo(2);
            assertThat(libc.read(fd, libc.ioBuffer(), 4096)).isEqualTo(3);
            return 0;
        });
    }

    @KernelTest
    void aWriterWaitsUntilThePeerTakesWhatWasWritten(TestKernel kernel) {
        ScriptedWorld world = ScriptedWorld.plug(kernel, 1);
        Peer peer = world.caller("");
        peer.deaf = true;
        TestProcess writer = kernel.start("writer", libc -> {
            int fd = libc.open(PORT, O_RDWR);
            writeAll(libc, fd, LONG);
            libc.close(fd);
            return 0;
        });
        kernel.run();
        assertThat(writer.isAlive()).as("it is held back").isTrue();
        peer.deaf = false;
        peer.wake();
        kernel.run();
        assertThat(writer.exitCode()).isZero();
        assertThat(heard(peer)).isEqualTo(LONG);
        assertThat(peer.hungUp).as("but not before all was taken").isTrue();
    }

    @KernelTest
    void closingDoesNotWaitForEverForAPeerThatTakesNothing(TestKernel kernel) {
        ScriptedWorld world = ScriptedWorld.plug(kernel, 1);
        Peer peer = world.caller("");
        peer.deaf = true;
        kernel.run("writer", libc -> {
            int fd = libc.open(PORT, O_RDWR);
            writeAll(libc, fd, "unheard");
            libc.close(fd);
            return 0;
        });
        assertThat(peer.hungUp).isTrue();
        assertThat(heard(peer)).isEmpty();
    }

    @KernelTest
    void onlyOneHasAPortOpenAndTheNextGetsTheNextCaller(TestKernel kernel) {
        ScriptedWorld world = ScriptedWorld.plug(kernel, 1);
        world.caller("first");
        world.caller("second");
        kernel.run("server", libc -> {
            int fd = libc.open(PORT, O_RDWR);
            assertThat(libc.raw().open(PORT, O_RDWR, 0)).isEqualTo(-EBUSY);
            assertThat(readAll(libc, fd, 5, 100)).isEqualTo("first");
            libc.close(fd);
            fd = libc.open(PORT, O_RDWR);
            assertThat(readAll(libc, fd, 6, 100)).isEqualTo("second");
            return 0;
        });
    }

    @KernelTest
    void aSignalEndsTheWaitForACallerAndThePortIsFreeAgain(TestKernel kernel) {
        ScriptedWorld world = ScriptedWorld.plug(kernel, 1);
        TestProcess server = kernel.start("server", libc -> {
            libc.processes().handle(Signal.SIGUSR1, signal -> {});
            libc.raw().sigaction(Signal.SIGUSR1, libc.processor().textAddress((own, number) -> {}), 0);
            assertThat(libc.raw().open(PORT, O_RDWR, 0)).isEqualTo(-EINTR);
            world.caller("late");
            int fd = libc.open(PORT, O_RDWR);
            assertThat(readAll(libc, fd, 4, 100)).isEqualTo("late");
            return 0;
        });
        kernel.run();
        kernel.run("kill", libc -> {
            libc.processes().kill(server.pid(), Signal.SIGUSR1);
            return 0;
        });
        kernel.run();
        assertThat(server.exitCode()).isZero();
    }

    @KernelTest
    void aNonBlockingOpenCanBePolledForTheCaller(TestKernel kernel) {
        ScriptedWorld world = ScriptedWorld.plug(kernel, 1);
        Peer peer = world.caller("x");
        peer.deaf = true;
        kernel.run("server", libc -> {
            int fd = libc.open(PORT, O_RDWR | O_NONBLOCK);
            assertThat(libc.raw().read(fd, libc.ioBuffer(), 10)).isEqualTo(-EAGAIN);
            assertThat(libc.raw().write(fd, libc.ioBuffer(), 10)).isEqualTo(-EAGAIN);
            assertThat(libc.poll(fd, POLLIN | POLLOUT, 0)).isZero();
            assertThat(libc.poll(fd, POLLOUT, -1)).isEqualTo(POLLOUT);
            assertThat(libc.poll(fd, POLLIN, -1)).isEqualTo(POLLIN);
            assertThat(libc.read(fd, libc.ioBuffer(), 10)).isEqualTo(1);
            assertThat(libc.raw().read(fd, libc.ioBuffer(), 10)).isEqualTo(-EAGAIN);
            long written = 0;
            long count = libc.raw().write(fd, libc.ioBuffer(), 65_536);
            while (count > 0) {
                written += count;
                count = libc.raw().write(fd, libc.ioBuffer(), 65_536);
            }
            assertThat(count).isEqualTo(-EAGAIN);
            assertThat(written).as("no more than the ring holds").isEqualTo(TransmitRing.BUFFERS_BYTES);
            assertThat(libc.poll(fd, POLLOUT, 0)).isZero();
            peer.deaf = false;
            peer.wake();
            assertThat(libc.poll(fd, POLLOUT, -1)).isEqualTo(POLLOUT);
            return 0;
        });
    }

    @KernelTest
    void theEndOfThePeerIsTheEndOfTheFileAndItCanStillBeAnswered(TestKernel kernel) {
        ScriptedWorld world = ScriptedWorld.plug(kernel, 1);
        Peer peer = world.caller("question");
        peer.endsWhenSaid = true;
        kernel.run("server", libc -> {
            int fd = libc.open(PORT, O_RDWR);
            assertThat(readAll(libc, fd, 100, 3)).isEqualTo("question");
            assertThat(libc.read(fd, libc.ioBuffer(), 10)).isZero();
            writeAll(libc, fd, "answer");
            libc.close(fd);
            return 0;
        });
        assertThat(heard(peer)).isEqualTo("answer");
    }

    @KernelTest
    void aBrokenConnectionIsAnErrorOnceWhatCameHasBeenRead(TestKernel kernel) {
        ScriptedWorld world = ScriptedWorld.plug(kernel, 1);
        Peer peer = world.caller("x");
        kernel.run("server", libc -> {
            int fd = libc.open(PORT, O_RDWR);
            assertThat(libc.poll(fd, POLLIN, -1)).isEqualTo(POLLIN);
            peer.port.broken(peer);
            while ((libc.poll(fd, POLLIN, -1) & POLLHUP) == 0) {
                libc.processes().schedYield();
            }
            assertThat(libc.read(fd, libc.ioBuffer(), 10)).isEqualTo(1);
            assertThat(libc.raw().read(fd, libc.ioBuffer(), 10)).isEqualTo(-ECONNRESET);
            assertThat(libc.raw().write(fd, libc.ioBuffer(), 10)).isEqualTo(-EPIPE);
            return 0;
        });
    }

    @KernelTest
    void aDeviceThatCannotReachMemoryIsEio(TestKernel kernel) {
        ScriptedWorld world = ScriptedWorld.plug(kernel, 1);
        world.caller("");
        kernel.run("server", libc -> {
            int fd = libc.open(PORT, O_RDWR);
            // The driver would never say this: more is posted than there are slots.
            world.device.write32(new PortRegisters(0).receivePosted.offset(), 1_000);
            assertThat(libc.raw().read(fd, libc.ioBuffer(), 10)).isEqualTo(-EIO);
            return 0;
        });
    }

    @KernelTest
    void aBadPointerIsEfaultAndLosesNothing(TestKernel kernel) {
        ScriptedWorld world = ScriptedWorld.plug(kernel, 1);
        Peer peer = world.caller("kept");
        kernel.run("bad", libc -> {
            int fd = libc.open(PORT, O_RDWR);
            assertThat(libc.poll(fd, POLLIN, -1)).isEqualTo(POLLIN);
            assertThat(libc.raw().read(fd, 0, 64)).isEqualTo(-EFAULT);
            assertThat(libc.raw().write(fd, 0xffff_8880_0000_0000L, 64)).isEqualTo(-EFAULT);
            assertThat(readAll(libc, fd, 4, 64)).isEqualTo("kept");
            writeAll(libc, fd, "fine");
            libc.close(fd);
            return 0;
        });
        assertThat(heard(peer)).isEqualTo("fine");
    }

    @KernelTest
    void unpluggingInMidTransferIsEnodevForAllWhoSleepThere(TestKernel kernel) {
        ScriptedWorld world = ScriptedWorld.plug(kernel, 3);
        Peer deaf = world.caller("");
        deaf.deaf = true;
        world.caller("");
        List<Integer> errors = new ArrayList<>();
        List<TestProcess> sleepers = new ArrayList<>();
        sleepers.add(kernel.start("writer", libc -> {
            int fd = libc.open("/dev/hostsock0p0", O_RDWR);
            assertThatThrownBy(() -> writeAll(libc, fd, LONG))
                    .isInstanceOfSatisfying(SystemCallException.class, e -> errors.add(e.errno()));
            return 0;
        }));
        kernel.run();
        sleepers.add(kernel.start("reader", libc -> {
            int fd = libc.open("/dev/hostsock0p1", O_RDWR);
            errors.add((int) -libc.raw().read(fd, libc.ioBuffer(), 10));
            return 0;
        }));
        kernel.run();
        sleepers.add(kernel.start("opener", libc -> {
            errors.add((int) -libc.raw().open("/dev/hostsock0p2", O_RDWR, 0));
            return 0;
        }));
        kernel.run();
        kernel.unplug(world.device);
        kernel.run();
        assertThat(sleepers).noneMatch(TestProcess::isAlive);
        assertThat(errors).containsOnly(ENODEV).hasSize(3);
        assertThat(deaf.hungUp).isTrue();
        kernel.run("late", libc -> {
            assertThat(libc.raw().open(PORT, O_RDWR, 0)).isEqualTo(-ENOENT);
            return 0;
        });
    }

    @KernelTest
    void theModuleIsInUseWhileAPortIsOpenAndGoesAfterwards(TestKernel kernel) {
        ScriptedWorld world = ScriptedWorld.plug(kernel, 1);
        Peer peer = world.caller("");
        TestProcess server = kernel.start("server", libc -> {
            int fd = libc.open(PORT, O_RDWR);
            libc.read(fd, libc.ioBuffer(), 10);
            return 0;
        });
        kernel.run();
        assertThat(kernel.unbind(world.device)).isFalse();
        peer.port.ended(peer);
        kernel.run();
        assertThat(server.exitCode()).isZero();
        assertThat(kernel.unbind(world.device)).isTrue();
        assertThat(world.device.iommuDomain().mappings()).isEmpty();
    }
}
