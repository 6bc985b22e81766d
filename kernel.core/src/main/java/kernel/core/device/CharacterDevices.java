// SPDX-License-Identifier: Apache-2.0
package kernel.core.device;

import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENXIO;
import static kernel.uapi.FileMode.S_IFCHR;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import kernel.api.device.CharacterDevice;
import kernel.api.file.FileOperations;
import kernel.core.fs.DeviceNode;
import kernel.core.fs.DeviceNumbers;
import kernel.core.fs.DeviceNumbers.Listener;
import kernel.core.fs.FileDescription;
import kernel.core.fs.UserProcess;
import kernel.uapi.FileMode;

/**
 * The character devices by number. Drivers get a major number for as long as they have devices, from 240 (Linux's range for
 * local use) upwards; what is built into the kernel has Linux's own. Thread-safe.
 */
public final class CharacterDevices {
    private static final int FIRST_DYNAMIC_MAJOR = 240;
    private static final int LAST_DYNAMIC_MAJOR = 511;

    private record BuiltIn(DeviceNode node, String driver, FileOperations operations) {}

    private final Map<Long, BuiltIn> builtIn = new HashMap<>();
    private final Map<Long, DeviceRegistration> registered = new HashMap<>();
    private final SortedMap<Integer, String> majors = new TreeMap<>();
    private final List<Listener> listeners = new ArrayList<>();

    /** Enters a device that is part of the kernel and never goes. */
    public synchronized void registerBuiltIn(
            int major, int minor, String driver, String name, int permissions, FileOperations operations) {
        DeviceNode node = new DeviceNode(name, S_IFCHR | permissions, FileMode.device(major, minor));
        builtIn.put(node.device(), new BuiltIn(node, driver, operations));
        listeners.forEach(listener -> listener.added(node));
    }

    /**
     * Enters one minor number of a driver's device: from now on it can be opened.
     *
     * @return null when the number or the name of its node is taken (EBUSY)
     */
    public synchronized DeviceRegistration register(DeviceBinding binding, CharacterDevice device, int minor) {
        int major = majorOf(device.driverName());
        long number = FileMode.device(major, minor);
        DeviceNode node = new DeviceNode(device.nodeName(minor), S_IFCHR | (device.mode() & 0777), number);
        boolean taken = nodes().stream()
                .anyMatch(other -> other.device() == number || other.name().equals(node.name()));
        if (taken) {
            return null;
        }
        majors.put(major, device.driverName());
        DeviceRegistration registration = new DeviceRegistration(binding, device, node);
        registered.put(number, registration);
        listeners.forEach(listener -> listener.added(node));
        return registration;
    }

    /** Takes a device out: its node vanishes and nobody can open it any more; files open on it are another matter. */
    public synchronized void unregister(DeviceRegistration registration) {
        DeviceNode node = registration.node();
        if (!registered.remove(node.device(), registration)) {
            return;
        }
        int major = FileMode.major(node.device());
        if (registered.keySet().stream().noneMatch(number -> FileMode.major(number) == major)) {
            majors.remove(major);
        }
        listeners.forEach(listener -> listener.removed(node));
    }

    private int majorOf(String driver) {
        for (Map.Entry<Integer, String> entry : majors.entrySet()) {
            if (entry.getValue().equals(driver)) {
                return entry.getKey();
            }
        }
        for (int major = FIRST_DYNAMIC_MAJOR; major <= LAST_DYNAMIC_MAJOR; major++) {
            if (!majors.containsKey(major)) {
                return major;
            }
        }
        throw new IllegalStateException("all dynamic major numbers are in use");
    }

    /** As {@link DeviceNumbers#listen}. */
    public synchronized void listen(Listener listener) {
        listeners.add(listener);
        nodes().forEach(listener::added);
    }

    public synchronized List<DeviceNode> nodes() {
        List<DeviceNode> all = new ArrayList<>();
        builtIn.values().forEach(device -> all.add(device.node()));
        registered.values().forEach(device -> all.add(device.node()));
        return all;
    }

    /** As {@link DeviceNumbers#openCharacterDevice}. */
    public int openCharacterDevice(UserProcess process, FileDescription file, long number) {
        BuiltIn fixed;
        DeviceRegistration registration;
        synchronized (this) {
            fixed = builtIn.get(number);
            registration = registered.get(number);
        }
        if (fixed != null) {
            int result = fixed.operations().open(process, file);
            if (result >= 0) {
                file.attachDevice(null, fixed.operations());
            }
            return result;
        }
        return registration == null ? -ENXIO : open(process, file, registration);
    }

    private static int open(UserProcess process, FileDescription file, DeviceRegistration registration) {
        if (!registration.module().tryGet()) {
            return -ENODEV;
        }
        int result = -ENODEV;
        try {
            result = registration.open(process, file);
        } finally {
            if (result < 0) {
                registration.module().put();
            }
        }
        return result;
    }

    /** The first half of /proc/devices. */
    public synchronized String procText() {
        SortedMap<Integer, String> all = new TreeMap<>(majors);
        builtIn.forEach((number, device) -> all.putIfAbsent(FileMode.major(number), device.driver()));
        StringBuilder text = new StringBuilder("Character devices:\n");
        all.forEach((major, driver) -> text.append(
                        " ".repeat(Math.max(0, 3 - Integer.toString(major).length())))
                .append(major)
                .append(' ')
                .append(driver)
                .append('\n'));
        return text.toString();
    }
}
