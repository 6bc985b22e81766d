// SPDX-License-Identifier: Apache-2.0
package userland.libc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The environment of a process, in the order in which it was given (environ(7)). */
public final class Environment {
    private final Map<String, String> values = new LinkedHashMap<>();

    Environment() {}

    Environment(Environment parent) {
        values.putAll(parent.values);
    }

    /** Takes {@code NAME=value}; a string without {@code =} is no variable. */
    void put(String definition) {
        int equals = definition.indexOf('=');
        if (equals > 0) {
            values.put(definition.substring(0, equals), definition.substring(equals + 1));
        }
    }

    /** The value, or null. */
    public String get(String name) {
        return values.get(name);
    }

    public String get(String name, String fallback) {
        return values.getOrDefault(name, fallback);
    }

    public void set(String name, String value) {
        values.put(name, value);
    }

    public void unset(String name) {
        values.remove(name);
    }

    public void clear() {
        values.clear();
    }

    /** A copy. */
    public Map<String, String> values() {
        return new LinkedHashMap<>(values);
    }

    /** {@code NAME=value}, as exec wants them. */
    public List<String> definitions() {
        List<String> definitions = new ArrayList<>(values.size());
        values.forEach((name, value) -> definitions.add(name + "=" + value));
        return definitions;
    }
}
