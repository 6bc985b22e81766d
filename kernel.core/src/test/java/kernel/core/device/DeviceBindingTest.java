// SPDX-License-Identifier: Apache-2.0
package kernel.core.device;

import static kernel.uapi.Errno.EBUSY;
import static kernel.uapi.Errno.EINVAL;
import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENXIO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hardware.machine.bus.BusDevice;
import hardware.machine.memory.DmaDirection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import kernel.api.device.BoundDevice;
import kernel.api.device.CharacterDevice;
import kernel.api.device.IoMemory;
import kernel.api.device.ProbeException;
import kernel.api.interrupt.DelayedWork;
import kernel.api.interrupt.InterruptResult;
import kernel.api.interrupt.KernelTimer;
import kernel.api.interrupt.Tasklet;
import kernel.api.interrupt.Work;
import kernel.api.lock.Mutex;
import kernel.api.memory.Gfp;
import kernel.api.memory.KernelMemory;
import kernel.api.wait.Completion;
import kernel.api.wait.WaitQueue;
import kernel.core.device.DeviceLab.ScriptedDevice;
import kernel.core.execution.Doorbell;
import kernel.core.execution.Lab;
import kernel.core.execution.Task;
import kernel.core.fs.DeviceNode;
import kernel.core.fs.FileDescription;
import kernel.core.module.LoadedModule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a driver acquires and how it goes, in order, whether by unbinding, by unplugging or because the probe failed. */
class DeviceBindingTest {
    private final DeviceLab devices = new DeviceLab(Lab.deterministic(2));
    private final Lab lab = devices.lab;
    private final List<String> log = devices.log;
    private final BusDevice device = devices.plug();
    private final LoadedModule module = devices.module("bell");

    @AfterEach
    void close() {
        devices.close();
    }

    private void inTask(Consumer<Task> code) {
        lab.start("insmod", code);
        lab.run();
        lab.checkHealthy();
    }

    private DeviceBinding bind() {
        DeviceBinding[] binding = new DeviceBinding[1];
        inTask(self -> {
            binding[0] = devices.registry.newBinding(device, module, "bell", self);
            binding[0].probed();
        });
        return binding[0];
    }

    private boolean isMasked() {
        return device.interruptLines().getFirst().isMasked();
    }

    // ---- acquiring and releasing

    @Test
    void whatADriverAcquiredIsReleasedInReverseOrder() {
        inTask(self -> {
            DeviceBinding binding = devices.registry.newBinding(device, module, "bell", self);
            binding.allocate(1, Gfp.KERNEL);
            binding.requestInterrupt(0, "bell", context -> InterruptResult.NONE);
            binding.allocate(2, Gfp.KERNEL);
            binding.allocate(3, Gfp.ATOMIC);
            binding.probed();
            assertThat(isMasked()).isFalse();
            binding.release(self);
        });
        assertThat(log).containsExactly("allocated 1", "allocated 2", "allocated 3", "freed 3", "freed 2", "freed 1");
        assertThat(isMasked()).isTrue();
        assertThat(devices.registry.binding(device.name())).isNull();
    }

    @Test
    void memoryIsFreedWhenTheDeviceCannotReachItAnyMore() {
        List<Integer> mapped = new ArrayList<>();
        devices.onFree = () -> mapped.add(device.iommuDomain().mappings().size());
        lab.start("insmod", self -> {
            DeviceBinding binding = devices.registry.newBinding(device, module, "bell", self);
            KernelMemory memory = binding.allocate(512, Gfp.KERNEL);
            assertThat(binding.dma().map(self, memory.physicalAddress(), 512, DmaDirection.FROM_DEVICE))
                    .isPositive();
            binding.tasklet("newest", context -> {});
            binding.release(self);
        });
        lab.run();
        assertThat(mapped).containsExactly(0);
        assertThat(lab.reports())
                .anyMatch(line -> line.endsWith("pending DMA allocations while released from device [count=1]"));
        assertThat(log).containsExactly("allocated 512", "freed 512");
    }

    @Test
    void anActionOfTheDriverComesInItsTurn() {
        inTask(self -> {
            DeviceBinding binding = devices.registry.newBinding(device, module, "bell", self);
            binding.onRelease(context -> log.add("first, masked " + isMasked()));
            binding.requestInterrupt(0, "bell", context -> InterruptResult.NONE);
            binding.onRelease(context -> {
                context.sleep(1);
                log.add("second, masked " + isMasked());
            });
            binding.allocate(1, Gfp.KERNEL);
            binding.probed();
            binding.release(self);
            assertThatThrownBy(() -> binding.onRelease(context -> {})).isInstanceOf(IllegalStateException.class);
        });
        assertThat(log).containsExactly("allocated 1", "second, masked false", "first, masked true", "freed 1");
    }

    @Test
    void whatWasFreedEarlyIsNotFreedAgain() {
        inTask(self -> {
            DeviceBinding binding = devices.registry.newBinding(device, module, "bell", self);
            KernelMemory memory = binding.allocate(1, Gfp.KERNEL);
            binding.allocate(2, Gfp.KERNEL);
            binding.free(memory);
            binding.release(self);
        });
        assertThat(log).containsExactly("allocated 1", "allocated 2", "freed 1", "freed 2");
    }

    @Test
    void aStepThatThrowsDoesNotKeepTheOthersFromBeingDone() {
        ScriptedDevice character = new ScriptedDevice("bell", 0, log);
        character.onRelease = (context, file) -> {
            throw new IllegalStateException("a bug in a driver");
        };
        DeviceBinding binding = bind();
        binding.requestInterrupt(0, "bell", context -> InterruptResult.NONE);
        DeviceRegistration registration = binding.register(character);
        Program.start(lab, "reader", self -> {
            assertThat(devices.characters.openCharacterDevice(
                            self, Program.file("a"), registration.node().device()))
                    .isZero();
            assertThat(devices.characters.openCharacterDevice(
                            self, Program.file("b"), registration.node().device()))
                    .isZero();
        });
        lab.run();
        inTask(self -> assertThatThrownBy(() -> binding.release(self)).hasMessage("a bug in a driver"));
        assertThat(log).containsExactly("open a", "open b", "release a", "release b");
        assertThat(isMasked()).isTrue();
        assertThat(module.references()).isZero();
        assertThat(devices.registry.binding(device.name())).isNull();
    }

    @Test
    void aDeviceWithSeveralMinorNumbersHasANodeForEachUntilItGoes() {
        CharacterDevice ports = new CharacterDevice() {
            @Override
            public String driverName() {
                return "bell";
            }

            @Override
            public int minor() {
                return 4;
            }

            @Override
            public int minors() {
                return 3;
            }

            @Override
            public String nodeName(int minor) {
                return "bell0p" + (minor - 4);
            }
        };
        DeviceBinding binding = bind();
        long first = binding.register(ports).node().device();
        assertThat(devices.characters.nodes())
                .extracting(DeviceNode::name)
                .containsExactlyInAnyOrder("bell0p0", "bell0p1", "bell0p2");
        assertThat(binding.registrations())
                .extracting(registration -> registration.node().device() - first)
                .containsExactly(0L, 1L, 2L);
        assertThatThrownBy(() -> binding.register(new ScriptedDevice("bell", 6, log)))
                .hasMessageContaining("/dev/bell6 or its number is taken");
        inTask(binding::release);
        assertThat(devices.characters.nodes()).isEmpty();
    }

    @Test
    void deferredWorkIsOverWhenItIsReleased() {
        inTask(self -> {
            DeviceBinding binding = devices.registry.newBinding(device, module, "bell", self);
            Work[] work = new Work[1];
            work[0] = binding.work("work", context -> {
                context.sleep(1_000);
                log.add("work");
                work[0].queue(context);
            });
            KernelTimer[] timer = new KernelTimer[1];
            timer[0] = binding.timer("timer", context -> {
                log.add("timer");
                timer[0].arm(context, 300);
            });
            Tasklet tasklet = binding.tasklet("tasklet", context -> log.add("tasklet"));
            work[0].queue(self);
            timer[0].arm(self, 300);
            tasklet.schedule(self);
            self.sleep(5_000);
            binding.release(self);
            log.add("released");
            work[0].queue(self);
            timer[0].arm(self, 1);
            tasklet.schedule(self);
            self.sleep(5_000);
        });
        assertThat(log).contains("work", "timer", "tasklet").endsWith("released");
    }

    @Test
    void whatIsAcquiredAfterTheReleaseIsRefused() {
        DeviceBinding binding = bind();
        inTask(binding::release);
        assertThatThrownBy(() -> binding.allocate(1, Gfp.KERNEL)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> binding.requestInterrupt(0, "bell", context -> InterruptResult.NONE))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> binding.tasklet("tasklet", context -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> binding.timer("timer", context -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> binding.work("work", context -> {})).isInstanceOf(IllegalStateException.class);
        assertThat(devices.allocations()).isZero();
        assertThat(isMasked()).isTrue();
    }

    @Test
    void aSecondHandlerOrALineThatIsNotThereFailsTheProbe() {
        DeviceBinding binding = bind();
        binding.requestInterrupt(0, "bell", context -> InterruptResult.NONE);
        assertThatThrownBy(() -> binding.requestInterrupt(0, "again", context -> InterruptResult.NONE))
                .isInstanceOfSatisfying(
                        ProbeException.class, e -> assertThat(e.errno()).isEqualTo(EBUSY));
        for (int index : new int[] {-1, 1}) {
            assertThatThrownBy(() -> binding.requestInterrupt(index, "none", context -> InterruptResult.NONE))
                    .isInstanceOfSatisfying(
                            ProbeException.class, e -> assertThat(e.errno()).isEqualTo(EINVAL));
        }
    }

    @Test
    void aLineInterruptsTheProcessorThatItsDriverPrefers() {
        DeviceBinding binding = bind();
        IoMemory registers = binding.registers();
        List<Integer> at = new ArrayList<>();
        assertThat(binding.processors()).isEqualTo(2);
        assertThat(binding.interruptCount()).isEqualTo(1);
        binding.requestInterrupt(0, "bell", 1, context -> {
            registers.write(context, Doorbell.DONE, registers.read(context, Doorbell.DONE));
            at.add(context.processor());
            return InterruptResult.HANDLED;
        });
        inTask(self -> {
            for (int i = 0; i < 5; i++) {
                registers.write(self, Doorbell.RING, 100);
                self.sleep(1_000);
            }
        });
        assertThat(at).containsExactly(1, 1, 1, 1, 1);
        inTask(binding::release);
        DeviceBinding next = bind();
        next.requestInterrupt(0, "bell", context -> InterruptResult.NONE);
        assertThat(lab.machine().interrupts().targets(device.interruptLines().getFirst()))
                .as("who says nothing takes any")
                .isEqualTo(0b11);
    }

    @Test
    void aProcessorThatIsNotThereFailsTheProbe() {
        DeviceBinding binding = bind();
        for (int processor : new int[] {-1, 2, 64}) {
            assertThatThrownBy(() -> binding.requestInterrupt(0, "bell", processor, context -> InterruptResult.NONE))
                    .isInstanceOfSatisfying(
                            ProbeException.class, e -> assertThat(e.errno()).isEqualTo(EINVAL));
        }
        assertThat(isMasked()).isTrue();
    }

    @Test
    void threadsAndDelayedWorkEndWithTheDriver() {
        inTask(self -> {
            DeviceBinding binding = devices.registry.newBinding(device, module, "bell", self);
            DelayedWork[] work = new DelayedWork[1];
            work[0] = binding.delayedWork("work", context -> {
                log.add("work");
                work[0].schedule(context, 100);
            });
            work[0].schedule(self, 100);
            binding.thread("bell", (context, thread) -> {
                while (!thread.shouldStop()) {
                    thread.sleepUntil(context, () -> false);
                }
                log.add("thread ends");
            });
            self.sleep(1_000);
            binding.release(self);
            log.add("released");
            assertThat(work[0].schedule(self, 1)).isFalse();
            assertThatThrownBy(() -> binding.thread("late", (context, thread) -> {}))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> binding.delayedWork("late", context -> {}))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> binding.requestInterrupt(0, "late", 0, context -> InterruptResult.NONE))
                    .isInstanceOf(IllegalStateException.class);
        });
        assertThat(log).contains("work").endsWith("thread ends", "released");
    }

    @Test
    void whoWaitsForAPulledDeviceFindsOutAtOnce() {
        DeviceBinding binding = bind();
        Completion completion = binding.completion("answer");
        WaitQueue queue = binding.waitQueue("readers");
        lab.start("first", self -> log.add("completion " + completion.await(self)));
        lab.start("second", self -> log.add("queue " + queue.waitEvent(self, () -> false)));
        lab.run();
        lab.machine().bus().detach(device.name());
        lab.run();
        assertThat(log).containsExactlyInAnyOrder("completion -" + ENODEV, "queue -" + ENODEV);
        inTask(binding::release);
    }

    @Test
    void aDriversFarewellMayWaitForADeviceThatIsThere() {
        DeviceBinding binding = bind();
        Completion completion = binding.completion("answer");
        binding.requestInterrupt(0, "bell", context -> {
            binding.registers().write(context, Doorbell.DONE, 1);
            completion.complete(context);
            return InterruptResult.HANDLED;
        });
        ScriptedDevice character = new ScriptedDevice("bell", 0, log);
        character.onRead = (context, file) -> log.add("call " + completion.await(context));
        long number = binding.register(character).node().device();
        Program.start(lab, "reader", self -> {
            FileDescription file = Program.file("f");
            assertThat(devices.characters.openCharacterDevice(self, file, number))
                    .isZero();
            Program.read(self, file);
            file.put(self);
        });
        lab.run();
        inTask(self -> {
            binding.revoke(self);
            self.sleep(1_000);
            binding.registers().write(self, Doorbell.RING, 500);
            log.add("farewell " + completion.await(self));
            lab.machine().bus().detach(device.name());
            log.add("pulled " + completion.await(self));
            binding.release(self);
        });
        assertThat(log).containsExactly("open f", "call -" + ENODEV, "release f", "farewell 0", "pulled -" + ENODEV);
    }

    @Test
    void theContextOfInitialisationIsGivenOnlyThen() {
        inTask(self -> {
            DeviceBinding binding = devices.registry.newBinding(device, module, "bell", self);
            assertThat(binding.initContext()).isSameAs(self);
            binding.probed();
            assertThatThrownBy(binding::initContext).isInstanceOf(IllegalStateException.class);
        });
    }

    // ---- probe

    @Test
    void aProbeThatThrowsRollsEverythingBack() {
        inTask(self -> {
            assertThatThrownBy(() -> devices.registry.bind(device, module, "bell", self, bound -> {
                        bound.allocate(1, Gfp.KERNEL);
                        bound.requestInterrupt(0, "bell", context -> InterruptResult.NONE);
                        throw new ProbeException(ENODEV, "does not answer");
                    }))
                    .isInstanceOf(ProbeException.class)
                    .hasMessageContaining("does not answer");
            assertThat(devices.registry.bindings()).isEmpty();
            assertThat(devices.allocations()).isZero();
            assertThat(isMasked()).isTrue();
            // And the device is as free as before.
            devices.registry.bind(device, module, "bell", self, BoundDevice::name);
        });
        assertThat(devices.registry.bindings(module)).hasSize(1);
    }

    @Test
    void aNameThatIsTakenFailsTheProbeAndLeavesTheFirstOne() {
        BusDevice second = devices.plug();
        inTask(self -> {
            devices.registry.bind(device, module, "bell", self, bound -> new ScriptedDevice("bell", 0, log));
            assertThatThrownBy(() -> devices.registry.bind(
                            second, module, "bell", self, bound -> new ScriptedDevice("bell", 0, log)))
                    .isInstanceOfSatisfying(
                            ProbeException.class, e -> assertThat(e.errno()).isEqualTo(EBUSY));
            assertThat(devices.registry.binding(second.name())).isNull();
        });
        assertThat(devices.characters.nodes())
                .singleElement()
                .satisfies(node -> assertThat(node.name()).isEqualTo("bell"));
    }

    @Test
    void instancesHaveTheLowestFreeNumbers() {
        BusDevice second = devices.plug();
        BusDevice third = devices.plug();
        inTask(self -> {
            DeviceBinding first = devices.registry.newBinding(device, module, "bell", self);
            assertThat(first.instance()).isZero();
            assertThat(devices.registry.newBinding(second, module, "bell", self).instance())
                    .isEqualTo(1);
            assertThat(devices.registry.newBinding(device, module, "bell", self))
                    .as("bound already")
                    .isNull();
            first.release(self);
            assertThat(devices.registry.newBinding(third, module, "bell", self).instance())
                    .isZero();
            assertThat(devices.registry
                            .newBinding(device, module, "other", self)
                            .instance())
                    .as("of another driver")
                    .isZero();
        });
    }

    @Test
    void whatHasBeenPulledCannotBeBound() {
        lab.machine().bus().detach(device.name());
        inTask(self -> assertThat(devices.registry.newBinding(device, module, "bell", self))
                .isNull());
    }

    // ---- registers

    @Test
    void afterThePullRegistersReadAllOnesAndWritesGoNowhere() {
        DeviceBinding binding = bind();
        IoMemory registers = binding.registers();
        inTask(self -> {
            registers.write(self, Doorbell.RING, 0);
            assertThat(registers.read(self, Doorbell.DONE)).isEqualTo(1);
            assertThat(binding.isPresent()).isTrue();
            lab.machine().bus().detach(device.name());
            assertThat(registers.read(self, Doorbell.DONE)).isEqualTo(-1);
            registers.write(self, Doorbell.RING, 0);
            assertThat(binding.isPresent()).isFalse();
        });
    }

    // ---- revoke

    @Test
    void revokeWakesSleepersWithEnodevAndWaitsForTheCallsInFlight() {
        DeviceBinding binding = bind();
        WaitQueue queue = binding.waitQueue("readers");
        ScriptedDevice character = new ScriptedDevice("bell", 0, log);
        character.onRead = (context, file) -> {
            log.add("answers " + queue.waitEvent(context, () -> false));
            context.sleep(10_000);
            log.add("leaves");
        };
        long number = binding.register(character).node().device();
        List<FileDescription> files = new ArrayList<>();
        Program.start(lab, "reader", self -> {
            FileDescription file = Program.file("f");
            files.add(file);
            assertThat(devices.characters.openCharacterDevice(self, file, number))
                    .isZero();
            Program.read(self, file);
            assertThat(Program.read(self, file)).as("afterwards nobody enters").isEqualTo(-ENODEV);
            file.put(self);
        });
        lab.run();
        assertThat(module.references()).isEqualTo(1);
        inTask(self -> {
            binding.revoke(self);
            log.add("revoked");
            binding.revoke(self);
            binding.release(self);
        });
        assertThat(log).containsExactly("open f", "answers -" + ENODEV, "leaves", "release f", "revoked");
        assertThat(module.references()).isZero();
        assertThat(files).hasSize(1);
    }

    @Test
    void aWaitQueueMadeAfterTheRevocationLetsNobodySleep() {
        DeviceBinding binding = bind();
        inTask(self -> {
            binding.revoke(self);
            assertThat(binding.waitQueue("late").waitEvent(self, () -> false)).isEqualTo(-ENODEV);
            Mutex mutex = binding.mutex("late");
            assertThat(mutex.lockInterruptible(self))
                    .as("a free mutex is taken all the same")
                    .isZero();
            mutex.unlock(self);
        });
    }

    @Test
    void filesAreReleasedInTheOrderInWhichTheyWereOpenedAndOnce() {
        DeviceBinding binding = bind();
        long number =
                binding.register(new ScriptedDevice("bell", 0, log)).node().device();
        List<FileDescription> files = new ArrayList<>();
        Program.start(lab, "reader", self -> {
            for (int i = 0; i < 20; i++) {
                FileDescription file = Program.file("f" + i);
                files.add(file);
                assertThat(devices.characters.openCharacterDevice(self, file, number))
                        .isZero();
            }
        });
        lab.run();
        log.clear();
        inTask(binding::release);
        assertThat(log).hasSize(20).startsWith("release f0", "release f1").endsWith("release f18", "release f19");
        inTask(self -> files.forEach(file -> file.put(self)));
        assertThat(log).as("closing them afterwards does nothing").hasSize(20);
        assertThat(module.references()).isZero();
    }

    @Test
    void whoOpensAfterTheRevocationFindsNothing() {
        DeviceBinding binding = bind();
        long number =
                binding.register(new ScriptedDevice("bell", 0, log)).node().device();
        inTask(binding::revoke);
        Program.start(
                lab,
                "reader",
                self -> assertThat(devices.characters.openCharacterDevice(self, Program.file("f"), number))
                        .isEqualTo(-ENXIO));
        lab.finish();
        assertThat(devices.characters.nodes()).isEmpty();
    }

    @Test
    void aBrokenModuleIsNotEnteredAnyMoreAndItsFilesLetGoOfIt() {
        DeviceBinding binding = bind();
        long number =
                binding.register(new ScriptedDevice("bell", 0, log)).node().device();
        Program.start(lab, "reader", self -> {
            FileDescription first = Program.file("first");
            FileDescription second = Program.file("second");
            assertThat(devices.characters.openCharacterDevice(self, first, number))
                    .isZero();
            assertThat(devices.characters.openCharacterDevice(self, second, number))
                    .isZero();
            module.markBroken();
            assertThat(Program.read(self, first)).isEqualTo(-ENODEV);
            first.put(self);
            assertThat(module.references()).isEqualTo(1);
            assertThat(devices.characters.openCharacterDevice(self, Program.file("third"), number))
                    .isEqualTo(-ENODEV);
        });
        lab.finish();
        inTask(binding::release);
        assertThat(module.references()).isZero();
        assertThat(log).containsExactly("open first", "open second");
    }

    @Test
    void anOpenThatIsRefusedOrThrowsKeepsNoReference() {
        DeviceBinding binding = bind();
        ScriptedDevice character = new ScriptedDevice("bell", 0, log);
        long number = binding.register(character).node().device();
        character.openAnswer = -EBUSY;
        Program.start(lab, "reader", self -> {
            assertThat(devices.characters.openCharacterDevice(self, Program.file("refused"), number))
                    .isEqualTo(-EBUSY);
            character.onOpen = (context, file) -> {
                throw new IllegalStateException("a bug in a driver");
            };
            assertThatThrownBy(() -> devices.characters.openCharacterDevice(self, Program.file("throws"), number))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(module.references()).isZero();
        });
        lab.finish();
        inTask(binding::release);
    }
}
