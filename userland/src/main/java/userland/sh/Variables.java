// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The variables of a shell and its positional parameters. */
final class Variables {
    private static final String DEFAULT_SEPARATORS = " \t\n";

    private final SortedMap<String, String> values = new TreeMap<>();
    private final SortedSet<String> exported = new TreeSet<>();
    private List<String> positional = List.of();
    private String name;

    /** @param name what {@code $0} is */
    Variables(String name, Map<String, String> environment) {
        this.name = name;
        values.putAll(environment);
        exported.addAll(environment.keySet());
    }

    /** A copy, for a subshell. */
    Variables(Variables other) {
        values.putAll(other.values);
        exported.addAll(other.exported);
        positional = other.positional;
        name = other.name;
    }

    /** The value, or null. */
    String get(String variable) {
        return values.get(variable);
    }

    void set(String variable, String value) {
        values.put(variable, value);
    }

    void unset(String variable) {
        values.remove(variable);
        exported.remove(variable);
    }

    void export(String variable) {
        exported.add(variable);
    }

    boolean isExported(String variable) {
        return exported.contains(variable);
    }

    SortedMap<String, String> all() {
        return values;
    }

    /** What a program that is started gets. */
    SortedMap<String, String> environment() {
        SortedMap<String, String> environment = new TreeMap<>(values);
        environment.keySet().retainAll(exported);
        return environment;
    }

    String separators() {
        String separators = values.get("IFS");
        return separators == null ? DEFAULT_SEPARATORS : separators;
    }

    String name() {
        return name;
    }

    void setName(String zero) {
        name = zero;
    }

    List<String> positional() {
        return positional;
    }

    void setPositional(List<String> parameters) {
        positional = List.copyOf(parameters);
    }
}
