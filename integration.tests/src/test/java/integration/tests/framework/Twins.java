// SPDX-License-Identifier: Apache-2.0
package integration.tests.framework;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;

/** The instances inside the framework, each found by the instance outside that it stands in for. */
final class Twins {
    private final Bundle probe;
    private final Map<Object, Object> twins = Collections.synchronizedMap(new IdentityHashMap<>());

    Twins(Bundle probe) {
        this.probe = probe;
    }

    void construct(Object instance, Constructor<?> constructor, List<Object> arguments) throws Throwable {
        Constructor<?> inside =
                inside(constructor.getDeclaringClass()).getDeclaredConstructor(inside(constructor.getParameterTypes()));
        inside.setAccessible(true);
        twins.put(instance, run(inside.getDeclaringClass(), () -> inside.newInstance(inside(arguments))));
    }

    /** Calls the method on the twin of {@code target}, or the static method when that is null. */
    Object call(Object target, Method method, List<Object> arguments) throws Throwable {
        Method inside = inside(method.getDeclaringClass())
                .getDeclaredMethod(method.getName(), inside(method.getParameterTypes()));
        inside.setAccessible(true);
        return run(
                inside.getDeclaringClass(),
                () -> inside.invoke(target == null ? null : twins.get(target), inside(arguments)));
    }

    private interface Reflection {
        Object call() throws ReflectiveOperationException;
    }

    private static Object run(Class<?> insideClass, Reflection reflection) throws Throwable {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(insideClass.getClassLoader());
        try {
            return reflection.call();
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Class<?> inside(Class<?> type) throws ClassNotFoundException {
        if (type.isPrimitive()) {
            return type;
        }
        if (type.isArray()) {
            return inside(type.getComponentType()).arrayType();
        }
        return probe.loadClass(type.getName());
    }

    private Class<?>[] inside(Class<?>[] types) throws ClassNotFoundException {
        Class<?>[] result = new Class<?>[types.length];
        for (int i = 0; i < types.length; i++) {
            result[i] = inside(types[i]);
        }
        return result;
    }

    /** The arguments as they are, except for the enclosing instance of a nested class, whose twin is meant. */
    private Object[] inside(List<Object> arguments) {
        return arguments.stream()
                .map(argument -> twins.getOrDefault(argument, argument))
                .toArray();
    }
}
