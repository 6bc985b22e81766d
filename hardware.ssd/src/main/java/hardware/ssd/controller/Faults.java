// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.ssd.control.Fault;
import hardware.ssd.control.FaultKind;
import hardware.ssd.control.InjectedFault;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/** The faults that somebody has injected. Asked at every occasion; costs one read when there are none. */
final class Faults {
    private final RandomGenerator random;
    private final List<Active> active = new CopyOnWriteArrayList<>();
    private volatile boolean any;

    Faults(RandomGenerator random) {
        this.random = random;
    }

    InjectedFault inject(Fault fault) {
        Active added = new Active(fault);
        active.add(added);
        any = true;
        return added;
    }

    List<InjectedFault> list() {
        return List.copyOf(active);
    }

    void clear() {
        active.clear();
        any = false;
    }

    /** Whether a fault of that kind strikes a command of the queue; null when none does. */
    Fault strikes(FaultKind kind, int queue) {
        return any ? find(kind, queue, Fault.ANY, 0, 0) : null;
    }

    /** Whether a fault of that kind strikes a command that touches these blocks; null when none does. */
    Fault strikes(FaultKind kind, int queue, int namespace, long first, long count) {
        return any ? find(kind, queue, namespace, first, count) : null;
    }

    /** How often to send an interrupt of the vector: once, unless a fault strikes. */
    int interruptTimes(int vector) {
        if (!any) {
            return 1;
        }
        if (find(FaultKind.LOST_INTERRUPT, vector, Fault.ANY, 0, 0) != null) {
            return 0;
        }
        return find(FaultKind.SPURIOUS_INTERRUPT, vector, Fault.ANY, 0, 0) != null ? 2 : 1;
    }

    private Fault find(FaultKind kind, int queue, int namespace, long first, long count) {
        for (Active candidate : active) {
            if (candidate.fault.kind() == kind && candidate.strikes(queue, namespace, first, count)) {
                return candidate.fault;
            }
        }
        return null;
    }

    /** One of them. */
    private final class Active implements InjectedFault {
        private final Fault fault;
        private long occasions;
        private long strikes;

        Active(Fault fault) {
            this.fault = fault;
        }

        synchronized boolean strikes(int queue, int namespace, long first, long count) {
            if ((fault.queue() != Fault.ANY && fault.queue() != queue)
                    || (fault.namespace() != Fault.ANY && namespace != Fault.ANY && fault.namespace() != namespace)
                    || (count > 0 && !touches(first, count))) {
                return false;
            }
            long occasion = occasions++ - fault.after();
            if (occasion < 0
                    || occasion % fault.interval() != 0
                    || strikes >= fault.times()
                    || (fault.probability() < 1 && random.nextDouble() >= fault.probability())) {
                return false;
            }
            strikes++;
            return true;
        }

        private boolean touches(long first, long count) {
            return first + count > fault.firstBlock()
                    && (fault.blockCount() == Long.MAX_VALUE || first < fault.firstBlock() + fault.blockCount());
        }

        @Override
        public Fault fault() {
            return fault;
        }

        @Override
        public synchronized long occasions() {
            return occasions;
        }

        @Override
        public synchronized long strikes() {
            return strikes;
        }

        @Override
        public void remove() {
            active.remove(this);
            any = !active.isEmpty();
        }
    }
}
