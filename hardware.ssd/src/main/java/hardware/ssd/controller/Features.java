// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.ssd.registers.AsyncEvent;
import hardware.ssd.registers.Feature;
import hardware.ssd.registers.Status;
import java.util.Arrays;

/** Features: what software can set about the controller. Guarded by the firmware's lock. */
final class Features {
    private static final int COUNT = Feature.ASYNC_EVENT_CONFIGURATION + 1;
    private static final int FEATURE_MASK = 0xff;
    private static final int HALF = 0xffff;
    private static final int DEFAULT_OVER_KELVIN = 343;
    private static final int UNDER = 1 << 20;
    private static final int TYPE_AND_SENSOR = 0x3f_0000;
    private static final int CHANGEABLE = 1 << 2;
    private static final int NO_LIMIT = 7;

    private final Controller controller;
    private final int[] values = new int[COUNT];
    private int underKelvin;

    Features(Controller controller) {
        this.controller = controller;
    }

    /** Everything as after a reset. */
    void reset() {
        Arrays.fill(values, 0);
        values[Feature.ARBITRATION] = NO_LIMIT;
        values[Feature.TEMPERATURE_THRESHOLD] = DEFAULT_OVER_KELVIN;
        values[Feature.ASYNC_EVENT_CONFIGURATION] = AsyncEvent.ENABLE_HEALTH | AsyncEvent.ENABLE_NAMESPACE_CHANGED;
        values[Feature.NUMBER_OF_QUEUES] = granted();
        values[Feature.VOLATILE_WRITE_CACHE] = controller.storage.hasCache() ? 1 : 0;
        controller.storage.setCacheEnabled(true);
        underKelvin = 0;
    }

    int overTemperature() {
        return values[Feature.TEMPERATURE_THRESHOLD];
    }

    int underTemperature() {
        return underKelvin;
    }

    int enabledWarnings() {
        return values[Feature.ASYNC_EVENT_CONFIGURATION] & AsyncEvent.ENABLE_HEALTH;
    }

    boolean tellsOfNamespaces() {
        return (values[Feature.ASYNC_EVENT_CONFIGURATION] & AsyncEvent.ENABLE_NAMESPACE_CHANGED) != 0;
    }

    /** The most commands to take from a queue in one turn. */
    int burst() {
        int log2 = values[Feature.ARBITRATION] & NO_LIMIT;
        return log2 == NO_LIMIT ? Integer.MAX_VALUE : 1 << log2;
    }

    private int granted() {
        int most = controller.identity.queues() - 1;
        return most | most << 16;
    }

    int set(Command command) {
        int feature = command.dword10 & FEATURE_MASK;
        int value = command.dword11;
        if ((command.dword10 & Feature.SAVE) != 0) {
            return Status.FEATURE_NOT_SAVEABLE;
        }
        switch (feature) {
            case Feature.ARBITRATION, Feature.ERROR_RECOVERY, Feature.WRITE_ATOMICITY -> values[feature] = value;
            case Feature.ASYNC_EVENT_CONFIGURATION -> {
                values[feature] = value & (AsyncEvent.ENABLE_HEALTH | AsyncEvent.ENABLE_NAMESPACE_CHANGED);
                controller.checkHealth();
            }
            case Feature.POWER_MANAGEMENT -> {
                return value == 0 ? Status.SUCCESS : Status.INVALID_FIELD;
            }
            case Feature.TEMPERATURE_THRESHOLD -> {
                return setThreshold(value);
            }
            case Feature.VOLATILE_WRITE_CACHE -> {
                return setCache(command, (value & 1) != 0);
            }
            case Feature.NUMBER_OF_QUEUES -> {
                return setQueues(command, value);
            }
            case Feature.INTERRUPT_COALESCING -> {
                values[feature] = value & HALF;
                controller.vectors.setCoalescing(value);
            }
            case Feature.INTERRUPT_VECTOR_CONFIGURATION -> {
                return setVector(value);
            }
            default -> {
                return Status.INVALID_FIELD;
            }
        }
        return Status.SUCCESS;
    }

    private int setThreshold(int value) {
        int typeAndSensor = value & TYPE_AND_SENSOR;
        if (typeAndSensor == UNDER) {
            underKelvin = value & HALF;
        } else if (typeAndSensor == 0) {
            values[Feature.TEMPERATURE_THRESHOLD] = value & HALF;
        } else {
            return Status.INVALID_FIELD;
        }
        controller.checkHealth();
        return Status.SUCCESS;
    }

    private int setCache(Command command, boolean enabled) {
        if (!controller.storage.hasCache()) {
            return enabled ? Status.INVALID_FIELD : Status.SUCCESS;
        }
        if (!enabled) {
            long flushed = controller.storage.flush();
            if (flushed < 0) {
                return Status.WRITE_FAULT;
            }
            command.at = flushed;
            command.forces = true;
        }
        controller.storage.setCacheEnabled(enabled);
        values[Feature.VOLATILE_WRITE_CACHE] = enabled ? 1 : 0;
        return Status.SUCCESS;
    }

    private int setQueues(Command command, int value) {
        if ((value & HALF) == HALF || value >>> 16 == HALF) {
            return Status.INVALID_FIELD;
        }
        for (int queue = 1; queue < controller.completions.length; queue++) {
            if (controller.completions[queue] != null) {
                return Status.COMMAND_SEQUENCE_ERROR;
            }
        }
        command.result = granted();
        return Status.SUCCESS;
    }

    private int setVector(int value) {
        int vector = value & HALF;
        if (vector >= controller.vectors.count()) {
            return Status.INVALID_FIELD;
        }
        boolean immediate = (value & Feature.COALESCING_DISABLED) != 0;
        if (vector == 0 && !immediate) {
            return Status.INVALID_FIELD;
        }
        controller.vectors.setImmediate(vector, immediate);
        return Status.SUCCESS;
    }

    int get(Command command) {
        int feature = command.dword10 & FEATURE_MASK;
        if (feature == 0 || feature >= COUNT || feature == 3) {
            return Status.INVALID_FIELD;
        }
        switch (command.dword10 >>> Feature.SELECT_SHIFT & 0x7) {
            case Feature.SELECT_CURRENT -> {
                return current(command, feature);
            }
            case Feature.SELECT_DEFAULT, Feature.SELECT_SAVED -> command.result = defaultOf(feature);
            case Feature.SELECT_CAPABILITIES -> command.result = feature == Feature.POWER_MANAGEMENT ? 0 : CHANGEABLE;
            default -> {
                return Status.INVALID_FIELD;
            }
        }
        return Status.SUCCESS;
    }

    private int current(Command command, int feature) {
        command.result = values[feature];
        if (feature == Feature.TEMPERATURE_THRESHOLD && (command.dword11 & TYPE_AND_SENSOR) == UNDER) {
            command.result = underKelvin;
        } else if (feature == Feature.INTERRUPT_VECTOR_CONFIGURATION) {
            int vector = command.dword11 & HALF;
            if (vector >= controller.vectors.count()) {
                return Status.INVALID_FIELD;
            }
            command.result = vector | (controller.vectors.isImmediate(vector) ? Feature.COALESCING_DISABLED : 0);
        }
        return Status.SUCCESS;
    }

    private int defaultOf(int feature) {
        return switch (feature) {
            case Feature.ARBITRATION -> NO_LIMIT;
            case Feature.TEMPERATURE_THRESHOLD -> DEFAULT_OVER_KELVIN;
            case Feature.VOLATILE_WRITE_CACHE -> controller.storage.hasCache() ? 1 : 0;
            case Feature.NUMBER_OF_QUEUES -> granted();
            case Feature.ASYNC_EVENT_CONFIGURATION -> AsyncEvent.ENABLE_HEALTH | AsyncEvent.ENABLE_NAMESPACE_CHANGED;
            default -> 0;
        };
    }
}
