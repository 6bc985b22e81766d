// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import integration.tests.specimens.Statics;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No static mutable state anywhere: one JVM holds many kernels, and none may find what another left. A static field is
 * final, and what it holds cannot change; it is asked what it holds, so that a {@code List.of} passes and an {@code
 * ArrayList} does not.
 */
class StaticStateTest {
    /**
     * Fields whose type could change and whose value never does, as {@code class.FIELD}, each with the reason to
     * believe it.
     */
    private static final Map<String, String> NEVER_CHANGED = Map.ofEntries(
            Map.entry("hardware.machine.memory.PageNode$Leaf.NONE", "covers no page, so nothing is ever entered"),
            Map.entry("kernel.core.console.ConsoleFile.TERMIOS", "a table; private and only read"),
            Map.entry("kernel.core.execution.Softirqs$Vector.ALL", "values() without the copy; private and only read"),
            Map.entry("kernel.core.failure.Taint$Flag.ALL", "values() without the copy; private and only read"),
            Map.entry("kernel.core.memory.KernelHeap.SIZES", "a table; private and only read"),
            Map.entry("kernel.core.process.ArgumentText.ACCESS", "a table; private and only read"),
            Map.entry("kernel.core.process.ArgumentText.WHENCES", "a table; private and only read"),
            Map.entry("kernel.core.process.ExecArguments.AUXILIARY", "a table; private and only read"),
            Map.entry(
                    "kernel.core.process.SystemCallText.SIGNATURES",
                    "a table, filled as the class is loaded; private and only read"),
            Map.entry("kernel.uapi.Signal.NAMES", "a table; private and only read"));

    /** Types of the JDK that are made to be changed and are neither collections nor arrays. */
    private static final List<Class<?>> CHANGEABLE = List.of(
            java.util.concurrent.atomic.AtomicBoolean.class,
            java.util.concurrent.atomic.AtomicReference.class,
            java.util.concurrent.atomic.AtomicIntegerArray.class,
            java.util.concurrent.atomic.AtomicLongArray.class,
            java.util.concurrent.atomic.AtomicReferenceArray.class,
            java.util.concurrent.atomic.AtomicInteger.class,
            java.util.concurrent.atomic.AtomicLong.class,
            java.util.concurrent.atomic.DoubleAdder.class,
            java.util.concurrent.atomic.LongAdder.class,
            java.util.concurrent.locks.Lock.class,
            java.util.concurrent.Executor.class,
            java.util.Random.class,
            java.util.BitSet.class,
            java.lang.ThreadLocal.class,
            java.lang.Thread.class,
            java.lang.Appendable.class,
            java.lang.ref.Reference.class,
            java.nio.Buffer.class,
            java.lang.foreign.MemorySegment.class);

    private static final Set<String> UNCHANGEABLE_COLLECTIONS = Set.of("ImmutableCollections", "Collections");

    @ParameterizedTest
    @MethodSource("integration.tests.House#bundles")
    void aModuleHasNoStaticMutableState(String module) throws ReflectiveOperationException {
        List<String> offences = new ArrayList<>();
        Path folder = House.classes(module);
        for (Path file : House.files(folder, ".class")) {
            String name = folder.relativize(file).toString().replace('/', '.').replace(".class", "");
            if (!name.endsWith("package-info") && !name.endsWith("module-info")) {
                offences.addAll(offences(Class.forName(name, false, StaticStateTest.class.getClassLoader())));
            }
        }
        assertThat(offences).as("static fields of %s that can change", module).isEmpty();
    }

    @Test
    void eachKindOfOffenceIsSeen() throws ReflectiveOperationException {
        assertThat(offences(Statics.class))
                .map(offence -> offence.split(" ")[0])
                .map(field -> field.substring(field.lastIndexOf('.') + 1))
                .containsExactlyInAnyOrder("counter", "ARRAY", "LIST", "MAP", "ATOMIC", "HOLDER", "LOCAL");
    }

    @Test
    void whatIsExcusedIsStillThere() {
        assertThat(NEVER_CHANGED.keySet()).allSatisfy(name -> {
            int dot = name.lastIndexOf('.');
            Class<?> type = Class.forName(name.substring(0, dot), false, StaticStateTest.class.getClassLoader());
            assertThat(type.getDeclaredField(name.substring(dot + 1))).isNotNull();
        });
    }

    private static List<String> offences(Class<?> type) throws ReflectiveOperationException {
        List<String> offences = new ArrayList<>();
        for (Field field : type.getDeclaredFields()) {
            String name = type.getName() + '.' + field.getName();
            // Synthetic: $VALUES and $SwitchMap of an enum, $assertionsDisabled; nobody can name them.
            if (!Modifier.isStatic(field.getModifiers()) || field.isSynthetic() || NEVER_CHANGED.containsKey(name)) {
                continue;
            }
            if (!Modifier.isFinal(field.getModifiers())) {
                offences.add(name + " is not final");
            } else if (!field.getType().isPrimitive() && field.getType() != String.class) {
                field.setAccessible(true);
                if (canChange(field.get(null), Collections.newSetFromMap(new IdentityHashMap<>()))) {
                    offences.add(name + " holds a " + field.get(null).getClass().getName());
                }
            }
        }
        return offences;
    }

    /** Whether the value can change; what was seen on the way to it is not looked at twice. */
    private static boolean canChange(Object value, Set<Object> seen) throws IllegalAccessException {
        return switch (value) {
            case null -> false;
            case Object known when !seen.add(known) -> false;
            case Collection<?> collection -> canChangeCollection(collection);
            case Map<?, ?> map -> canChangeCollection(map);
            case Object array when array.getClass().isArray() -> Array.getLength(array) > 0;
            case Object other when CHANGEABLE.stream().anyMatch(type -> type.isInstance(other)) -> true;
            default -> hasFieldsThatChange(value, seen);
        };
    }

    private static boolean canChangeCollection(Object collection) {
        Class<?> host = collection.getClass().getNestHost();
        return !UNCHANGEABLE_COLLECTIONS.contains(host.getSimpleName());
    }

    /** Looks into objects of our own classes, so that a singleton does not hide what a static field may not hold. */
    private static boolean hasFieldsThatChange(Object value, Set<Object> seen) throws IllegalAccessException {
        for (Class<?> type = value.getClass(); isOurs(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) || field.isSynthetic()) {
                    continue;
                }
                if (!Modifier.isFinal(field.getModifiers())) {
                    return true;
                }
                field.setAccessible(true);
                if (!field.getType().isPrimitive() && canChange(field.get(value), seen)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A class of the house that was written down; a lambda's or another hidden class's fields are what it captured. */
    private static boolean isOurs(Class<?> type) {
        return House.modules().stream().anyMatch(module -> type.getName().startsWith(module + '.'))
                || type.getName().startsWith("kernel.uapi.");
    }
}
