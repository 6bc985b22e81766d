// SPDX-License-Identifier: Apache-2.0
package kernel.core.module;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A module that is in the kernel: its state, its reference count, its parameters (Linux: struct module). Thread-safe. */
public final class LoadedModule {
    /** As in /proc/modules. */
    public enum State {
        LOADING("Loading"),
        LIVE("Live"),
        UNLOADING("Unloading");

        private final String text;

        State(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final int CLOSED = Integer.MIN_VALUE;

    private final ModuleInfo info;
    private final Map<String, Object> parameters;
    private final AtomicInteger references = new AtomicInteger();
    private volatile State state = State.LOADING;
    private volatile boolean broken;
    private volatile Set<String> packages;

    LoadedModule(ModuleInfo info, Map<String, Object> parameters) {
        this.info = info;
        this.parameters = Map.copyOf(parameters);
        packages = Set.of("drivers." + info.name());
    }

    public ModuleInfo info() {
        return info;
    }

    public String name() {
        return info.name();
    }

    /** The values it was given, by name; those not given have the driver's own default. */
    public Map<String, Object> parameters() {
        return parameters;
    }

    public State state() {
        return state;
    }

    void setState(State newState) {
        state = newState;
    }

    /** How many open files and other users there are. */
    public int references() {
        return Math.max(0, references.get() & Integer.MAX_VALUE);
    }

    /** Takes a reference unless the module is on its way out or broken (Linux: try_module_get). */
    public boolean tryGet() {
        if (broken) {
            return false;
        }
        for (; ; ) {
            int now = references.get();
            if (now < 0) {
                return false;
            }
            if (references.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Gives a reference back (Linux: module_put). */
    public void put() {
        references.getAndUpdate(now -> (now & CLOSED) | Math.max(0, (now & Integer.MAX_VALUE) - 1));
    }

    /**
     * Lets nobody take references any more.
     *
     * @param force even while there are some
     * @return false when there are some and it is not forced, or somebody else is at it already
     */
    boolean close(boolean force) {
        for (; ; ) {
            int now = references.get();
            if (now < 0 || (now > 0 && !force)) {
                return false;
            }
            if (references.compareAndSet(now, now | CLOSED)) {
                return true;
            }
        }
    }

    /** Says which Java packages are its code; by default {@code drivers.NAME}. */
    public void setPackages(Set<String> names) {
        packages = Set.copyOf(names);
    }

    /** Whether a Java package is its code. */
    public boolean hasPackage(String name) {
        return packages.contains(name);
    }

    /** Whether its code threw inside the kernel, so that it is not entered any more. */
    public boolean isBroken() {
        return broken;
    }

    /** Marks it as not to be entered any more. */
    public void markBroken() {
        broken = true;
    }

    @Override
    public String toString() {
        return name();
    }
}
