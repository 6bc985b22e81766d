// SPDX-License-Identifier: Apache-2.0
package hardware.tempsensor;

import static hardware.tempsensor.registers.TempSensorRegisters.COMMAND;
import static hardware.tempsensor.registers.TempSensorRegisters.COMMAND_RESET;
import static hardware.tempsensor.registers.TempSensorRegisters.COMMAND_START;
import static hardware.tempsensor.registers.TempSensorRegisters.CONVERSION_TIME;
import static hardware.tempsensor.registers.TempSensorRegisters.DATA;
import static hardware.tempsensor.registers.TempSensorRegisters.ID;
import static hardware.tempsensor.registers.TempSensorRegisters.ID_VALUE;
import static hardware.tempsensor.registers.TempSensorRegisters.INTERRUPT_ACKNOWLEDGE;
import static hardware.tempsensor.registers.TempSensorRegisters.INTERRUPT_DONE;
import static hardware.tempsensor.registers.TempSensorRegisters.INTERRUPT_ENABLE;
import static hardware.tempsensor.registers.TempSensorRegisters.STATUS;
import static hardware.tempsensor.registers.TempSensorRegisters.STATUS_BUSY;
import static hardware.tempsensor.registers.TempSensorRegisters.STATUS_INTERRUPT;
import static hardware.tempsensor.registers.TempSensorRegisters.STATUS_OVERRUN;
import static hardware.tempsensor.registers.TempSensorRegisters.STATUS_READY;
import static hardware.tempsensor.registers.TempSensorRegisters.VERSION;
import static hardware.tempsensor.registers.TempSensorRegisters.VERSION_VALUE;

import hardware.machine.bus.DeviceEnvironment;
import hardware.machine.bus.DeviceModel;
import hardware.machine.interrupt.InterruptLine;
import hardware.machine.interrupt.InterruptLine.Trigger;
import hardware.machine.time.Timeline;
import hardware.machine.time.TimelineEvent;
import hardware.tempsensor.registers.TempSensorRegisters;
import java.util.random.RandomGenerator;

/**
 * A temperature sensor that measures once when it is told to, in its own time, and interrupts when it has a value. It
 * does what {@code docs/hardware/tempsensor.md} says, also when it is used wrongly.
 *
 * <p>Thread-safe: register accesses and the end of a measurement exclude each other by a lock of its own.
 */
public final class TemperatureSensorModel implements DeviceModel {
    /** The stem of the names of such devices on the bus. */
    public static final String TYPE = "tempsensor";
    /** What drivers match on. */
    public static final String COMPATIBLE = "ubend,tempsensor";

    private static final long NANOS_PER_MICRO = 1_000;
    /** How many measurements it takes the drift to come back to where it began; rises to a quarter of it. */
    private static final int DRIFT_PERIOD = 8;

    private final TemperatureSensorParameters parameters;
    private final Object lock = new Object();

    // Set once, before any access.
    private DeviceEnvironment environment;
    private Timeline timeline;
    private RandomGenerator noise;
    private InterruptLine line;
    private TimelineEvent conversionEnd;

    // Guarded by the lock.
    private int status;
    private int interruptEnable;
    private int conversionMicros;
    private int milliCelsius;
    private long conversionEndNanos;
    private long measurements;

    public TemperatureSensorModel(TemperatureSensorParameters parameters) {
        this.parameters = parameters;
        conversionMicros = (int) parameters.conversionMicros();
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String compatible() {
        return COMPATIBLE;
    }

    @Override
    public int windowBytes() {
        return TempSensorRegisters.WINDOW_BYTES;
    }

    @Override
    public void attached(DeviceEnvironment given) {
        environment = given;
        timeline = given.timeline();
        noise = given.random();
        line = given.interruptLine(Trigger.LEVEL);
        conversionEnd = timeline.event(given.deviceName() + " conversion", this::endConversion);
    }

    @Override
    public void detached() {
        synchronized (lock) {
            reset();
        }
    }

    @Override
    public int read32(int offset) {
        synchronized (lock) {
            if (offset == STATUS.offset()) {
                return status;
            } else if (offset == DATA.offset()) {
                return takeData();
            } else if (offset == INTERRUPT_ENABLE.offset()) {
                return interruptEnable;
            } else if (offset == CONVERSION_TIME.offset()) {
                return conversionMicros;
            } else if (offset == ID.offset()) {
                return ID_VALUE;
            }
            return offset == VERSION.offset() ? VERSION_VALUE : 0;
        }
    }

    @Override
    public void write32(int offset, int value) {
        synchronized (lock) {
            if (offset == COMMAND.offset()) {
                command(value);
            } else if (offset == INTERRUPT_ACKNOWLEDGE.offset()) {
                status &= (value & INTERRUPT_DONE) != 0 ? ~STATUS_INTERRUPT : -1;
            } else if (offset == INTERRUPT_ENABLE.offset()) {
                interruptEnable = value & INTERRUPT_DONE;
            } else if (offset == CONVERSION_TIME.offset()) {
                conversionMicros = value;
            }
            driveLine();
        }
    }

    private void command(int value) {
        if ((value & COMMAND_RESET) != 0) {
            reset();
        } else if ((value & COMMAND_START) != 0) {
            start();
        }
    }

    private void reset() {
        conversionEnd.cancel();
        status = 0;
        interruptEnable = 0;
        driveLine();
    }

    private void start() {
        long micros = Integer.toUnsignedLong(conversionMicros);
        environment.trace("measurement started", micros);
        status |= STATUS_BUSY;
        conversionEndNanos = timeline.now() + micros * NANOS_PER_MICRO;
        if (micros == 0) {
            conversionEnd.cancel();
            finish();
        } else {
            conversionEnd.scheduleAt(conversionEndNanos);
        }
    }

    /**
     * The event of the end of a conversion. It may come too late to be cancelled by a RESET or moved by another START,
     * and then ends nothing.
     */
    private void endConversion() {
        synchronized (lock) {
            if ((status & STATUS_BUSY) != 0 && timeline.now() >= conversionEndNanos) {
                finish();
                driveLine();
            }
        }
    }

    private void finish() {
        milliCelsius = temperature(measurements++);
        int overrun = (status & STATUS_READY) != 0 ? STATUS_OVERRUN : 0;
        status = (status & ~STATUS_BUSY) | overrun | STATUS_READY | STATUS_INTERRUPT;
        environment.trace("measurement finished", milliCelsius);
    }

    /** The base at first, then up and down around it in steps of the drift: 0 1 2 1 0 -1 -2 -1. */
    private int temperature(long measurement) {
        int phase = (int) (measurement % DRIFT_PERIOD);
        int quarter = DRIFT_PERIOD / 4;
        int steps = quarter - Math.abs(Math.floorMod(phase + quarter, DRIFT_PERIOD) - 2 * quarter);
        return Math.clamp(
                parameters.baseMilliCelsius() + (long) steps * parameters.driftMilliCelsius(),
                TemperatureSensorParameters.COLDEST_MILLI_CELSIUS,
                TemperatureSensorParameters.HOTTEST_MILLI_CELSIUS);
    }

    private int takeData() {
        if ((status & STATUS_READY) == 0) {
            return garbage();
        }
        status &= ~(STATUS_READY | STATUS_OVERRUN);
        return milliCelsius;
    }

    /** Anything, but hotter than a million degrees, so that nobody takes it for a temperature. */
    private int garbage() {
        return 0x4000_0000 | (noise.nextInt() & 0x3fff_ffff);
    }

    private void driveLine() {
        if ((status & STATUS_INTERRUPT) != 0 && (interruptEnable & INTERRUPT_DONE) != 0) {
            line.raise();
        } else {
            line.lower();
        }
    }
}
