// SPDX-License-Identifier: Apache-2.0
package integration.tests.disk;

import hardware.machine.bus.DeviceEnvironment;
import hardware.machine.bus.DeviceModel;

/** A device without anything behind its registers. */
final class EmptyCard implements DeviceModel {
    @Override
    public String type() {
        return "ram";
    }

    @Override
    public String compatible() {
        return "test,ram";
    }

    @Override
    public int windowBytes() {
        return Integer.BYTES;
    }

    @Override
    public void attached(DeviceEnvironment environment) {}

    @Override
    public void detached() {}

    @Override
    public int read32(int offset) {
        return 0;
    }

    @Override
    public void write32(int offset, int value) {}
}
