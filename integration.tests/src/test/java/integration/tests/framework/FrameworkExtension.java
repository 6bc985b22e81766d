// SPDX-License-Identifier: Apache-2.0
package integration.tests.framework;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.osgi.framework.BundleContext;

/**
 * The Jupiter side of {@link InFramework}: boots the framework once for a test class and diverts every call of the
 * class to its twin.
 *
 * <p>Every callback of {@link InvocationInterceptor} that reaches the test class is overridden. One that is forgotten
 * would run outside, on the instance that has no framework.
 */
final class FrameworkExtension implements BeforeAllCallback, InvocationInterceptor, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(FrameworkExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        // Here and not at the first use: the store of the class, not that of the method, has to own the framework.
        running(context);
    }

    @Override
    public <T> T interceptTestClassConstructor(
            Invocation<T> invocation, ReflectiveInvocationContext<Constructor<T>> constructor, ExtensionContext context)
            throws Throwable {
        T instance = invocation.proceed();
        running(context).twins().construct(instance, constructor.getExecutable(), constructor.getArguments());
        return instance;
    }

    @Override
    public void interceptBeforeAllMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        divert(invocation, method, context);
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        divert(invocation, method, context);
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        divert(invocation, method, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        divert(invocation, method, context);
    }

    @Override
    @SuppressWarnings("unchecked") // the twin's method has the signature of the method that Jupiter asked for
    public <T> T interceptTestFactoryMethod(
            Invocation<T> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        return (T) divert(invocation, method, context);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        divert(invocation, method, context);
    }

    @Override
    public void interceptAfterAllMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        divert(invocation, method, context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestFramework.class || type == BundleContext.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        TestFramework framework = running(context).framework();
        return parameter.getParameter().getType() == TestFramework.class ? framework : framework.context();
    }

    private static Object divert(
            Invocation<?> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        invocation.skip();
        return running(context)
                .twins()
                .call(method.getTarget().orElse(null), method.getExecutable(), method.getArguments());
    }

    /**
     * The framework of the test class: booted by whoever asks first, stopped by Jupiter together with the store of the
     * class.
     */
    private static RunningFramework running(ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        RunningFramework.class,
                        key -> RunningFramework.boot(context.getRequiredTestClass()),
                        RunningFramework.class);
    }
}
