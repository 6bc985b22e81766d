// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.ENODEV;
import static kernel.uapi.Errno.ENXIO;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kernel.api.context.ProcessContext;
import kernel.api.file.FileOperations;
import kernel.core.fs.DeviceFile;
import kernel.core.fs.DeviceNode;
import kernel.core.fs.DeviceNumbers;
import kernel.core.fs.FileDescription;
import kernel.core.fs.UserProcess;
import kernel.uapi.FileMode;

/** Devices by number, with a driver each. */
final class FakeDevices implements DeviceNumbers {
    private final Map<DeviceNode, Device> devices = new LinkedHashMap<>();
    private final List<Listener> listeners = new ArrayList<>();

    /** A device that may be pulled out. */
    static final class Device implements DeviceFile {
        private final FileOperations driver;
        int openFiles;
        boolean gone;
        Runnable whileOpening = () -> {};

        Device(FileOperations driver) {
            this.driver = driver;
        }

        @Override
        public String driver() {
            return "fake";
        }

        @Override
        public boolean enter() {
            return !gone;
        }

        @Override
        public void exit() {}

        @Override
        public void release(ProcessContext context, FileDescription file) {
            openFiles--;
            driver.release(context, file);
        }
    }

    static DeviceNode characterDevice(String name, int major, int minor) {
        return new DeviceNode(name, FileMode.S_IFCHR | 0666, FileMode.device(major, minor));
    }

    Device plugIn(DeviceNode node, FileOperations driver) {
        Device device = new Device(driver);
        devices.put(node, device);
        listeners.forEach(listener -> listener.added(node));
        return device;
    }

    void pullOut(DeviceNode node) {
        devices.remove(node).gone = true;
        listeners.forEach(listener -> listener.removed(node));
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
        devices.keySet().forEach(listener::added);
    }

    @Override
    public List<DeviceNode> nodes() {
        return List.copyOf(devices.keySet());
    }

    @Override
    public int openBlockDevice(UserProcess process, FileDescription file, long number, int flags) {
        return openCharacterDevice(process, file, number);
    }

    @Override
    public int openCharacterDevice(UserProcess process, FileDescription file, long number) {
        ((FakeProcess) process).host.lockRules.check();
        for (Map.Entry<DeviceNode, Device> entry : devices.entrySet()) {
            Device device = entry.getValue();
            if (entry.getKey().device() == number) {
                device.whileOpening.run();
                if (device.gone) {
                    return -ENODEV;
                }
                int error = device.driver.open(process, file);
                if (error == 0) {
                    device.openFiles++;
                    file.attachDevice(device, device.driver);
                }
                return error;
            }
        }
        return -ENXIO;
    }
}
