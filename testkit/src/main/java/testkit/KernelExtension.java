// SPDX-License-Identifier: Apache-2.0
package testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import kernel.core.KernelConfig;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Runs a {@link KernelTest} twice and compares the traces. */
final class KernelExtension implements ParameterResolver, InvocationInterceptor {
    /** A seed given from outside, to replay a failure. */
    private static final String SEED_PROPERTY = "ubend.seed";

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
        return parameter.getParameter().getType() == TestKernel.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext extension) {
        TestKernel kernel = TestKernel.boot(config(extension));
        extension
                .getStore(ExtensionContext.Namespace.create(KernelExtension.class))
                .put("kernel", kernel);
        return kernel;
    }

    private static KernelConfig config(ExtensionContext extension) {
        KernelTest test = extension.getRequiredTestMethod().getAnnotation(KernelTest.class);
        return KernelConfig.deterministic(Long.getLong(SEED_PROPERTY, test.seed()))
                .withCpus(test.cpus())
                .withParameters(test.parameters());
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext,
            ExtensionContext extension)
            throws Throwable {
        TestKernel first = (TestKernel) invocationContext.getArguments().getFirst();
        run(first, invocation::proceed);
        TestKernel second = TestKernel.boot(config(extension));
        Object again = newInstance(extension);
        run(second, () -> {
            invoke(extension.getRequiredTestMethod(), again, second);
            return null;
        });
        if (first.traceHash() != second.traceHash()) {
            throw new AssertionError("the same seed gave two different traces: something is not deterministic.\n"
                    + first.firstDifference(second));
        }
    }

    /** The body of a test. */
    private interface Body {
        Object run() throws Throwable;
    }

    private static void run(TestKernel kernel, Body body) throws Throwable {
        try (kernel) {
            body.run();
            kernel.checkNothingWrong();
        } catch (Throwable failure) {
            failure.addSuppressed(new Evidence(kernel.evidence()));
            throw failure;
        }
    }

    private static Object newInstance(ExtensionContext extension) throws ReflectiveOperationException {
        var constructor = extension.getRequiredTestClass().getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    private static void invoke(Method method, Object instance, TestKernel kernel) throws Throwable {
        method.setAccessible(true);
        try {
            method.invoke(instance, kernel);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** What was going on, attached to the failure. */
    private static final class Evidence extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Evidence(String text) {
            super(text, null, false, false);
        }
    }
}
