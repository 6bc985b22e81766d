// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import kernel.core.log.Log;
import kernel.core.log.LogLevel;
import org.osgi.framework.Bundle;
import org.osgi.service.log.FormatterLogger;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/**
 * Where the bundles of the framework log: warnings and errors become lines of the kernel log. It also is the only way to learn why
 * a component could not be activated: the component runtime logs the exception on the activating thread, and throws another one without it.
 */
final class FailureLog implements LoggerFactory {
    private final Log log;
    /** What each thread that is being watched has logged first. */
    private final Map<Thread, AtomicReference<Throwable>> watched = new ConcurrentHashMap<>();

    FailureLog(Log log) {
        this.log = log;
    }

    /** What an attempt gave: a result, or the first exception that was logged on the way, or neither. */
    record Outcome<T>(T result, Throwable failure) {}

    /** Runs something on this thread that logs its failure; then nothing of it goes to the kernel log. */
    <T> Outcome<T> watch(Supplier<T> attempt) {
        AtomicReference<Throwable> first = new AtomicReference<>();
        watched.put(Thread.currentThread(), first);
        try {
            return new Outcome<>(attempt.get(), first.get());
        } catch (RuntimeException e) {
            return new Outcome<>(null, first.get() != null ? first.get() : e);
        } finally {
            watched.remove(Thread.currentThread());
        }
    }

    private void logged(String name, String level, Object[] arguments) {
        Object last = arguments.length == 0 ? null : arguments[arguments.length - 1];
        Object[] spread = last instanceof Object[] values ? values : arguments;
        Throwable cause = throwable(spread);
        AtomicReference<Throwable> first = watched.get(Thread.currentThread());
        if (first != null) {
            first.compareAndSet(null, cause);
            return;
        }
        int priority = level.equals("warn") ? LogLevel.WARNING : LogLevel.ERR;
        log.print(priority, "osgi: " + name + ": " + arguments[0] + (cause == null ? "" : ": " + cause));
    }

    private static Throwable throwable(Object[] arguments) {
        return Arrays.stream(arguments)
                .filter(Throwable.class::isInstance)
                .map(Throwable.class::cast)
                .findFirst()
                .orElse(null);
    }

    // ---- LoggerFactory

    @Override
    public Logger getLogger(String name) {
        return getLogger(null, name, Logger.class);
    }

    @Override
    public Logger getLogger(Class<?> type) {
        return getLogger(null, type.getName(), Logger.class);
    }

    @Override
    public <L extends Logger> L getLogger(String name, Class<L> loggerType) {
        return getLogger(null, name, loggerType);
    }

    @Override
    public <L extends Logger> L getLogger(Class<?> type, Class<L> loggerType) {
        return getLogger(null, type.getName(), loggerType);
    }

    /** All levels have the same five methods, so one handler serves them. */
    @Override
    public <L extends Logger> L getLogger(Bundle bundle, String name, Class<L> loggerType) {
        Class<?> type = loggerType == FormatterLogger.class ? FormatterLogger.class : Logger.class;
        String label = bundle == null ? name : bundle.getSymbolicName();
        return loggerType.cast(
                Proxy.newProxyInstance(FailureLog.class.getClassLoader(), new Class<?>[] {type}, new Handler(label)));
    }

    private final class Handler implements InvocationHandler {
        private final String name;

        Handler(String name) {
            this.name = name;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) {
            String called = method.getName();
            return switch (called) {
                case "getName", "toString" -> name;
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                case "warn", "error", "audit" -> {
                    logged(name, called.toLowerCase(Locale.ROOT), arguments);
                    yield null;
                }
                default -> method.getReturnType() == boolean.class ? isEnabled(called) : null;
            };
        }

        private static Object isEnabled(String question) {
            return question.equals("isWarnEnabled") || question.equals("isErrorEnabled");
        }
    }
}
