// SPDX-License-Identifier: Apache-2.0
package drivers.tempsensor;

import hardware.machine.bus.DeviceEnvironment;
import hardware.machine.bus.DeviceModel;
import hardware.tempsensor.TemperatureSensorModel;
import hardware.tempsensor.TemperatureSensorParameters;
import hardware.tempsensor.registers.TempSensorRegisters;

/** A sensor with a bad contact: the first measurements finish, but its interrupt enable bit does not hold. */
final class LossySensor implements DeviceModel {
    private final TemperatureSensorModel sensor = new TemperatureSensorModel(TemperatureSensorParameters.DEFAULT);
    private int interruptsToLose;

    LossySensor(int interruptsToLose) {
        this.interruptsToLose = interruptsToLose;
    }

    @Override
    public String type() {
        return sensor.type();
    }

    @Override
    public String compatible() {
        return sensor.compatible();
    }

    @Override
    public int windowBytes() {
        return sensor.windowBytes();
    }

    @Override
    public void attached(DeviceEnvironment environment) {
        sensor.attached(environment);
    }

    @Override
    public void detached() {
        sensor.detached();
    }

    @Override
    public int read32(int offset) {
        return sensor.read32(offset);
    }

    @Override
    public void write32(int offset, int value) {
        if (offset == TempSensorRegisters.INTERRUPT_ENABLE.offset() && interruptsToLose > 0) {
            interruptsToLose--;
        } else {
            sensor.write32(offset, value);
        }
    }
}
