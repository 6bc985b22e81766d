// SPDX-License-Identifier: Apache-2.0
package integration.tests.framework;

import static org.ops4j.pax.exam.CoreOptions.bootDelegationPackages;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.commons.support.AnnotationSupport;
import org.ops4j.pax.exam.ExamSystem;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.nat.internal.NativeTestContainer;
import org.ops4j.pax.exam.spi.DefaultExamSystem;
import org.ops4j.pax.exam.spi.PaxExamRuntime;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** A framework that runs, with the test's own bundle in it; closing it stops the framework and removes its files. */
final class RunningFramework implements AutoCloseable {
    /** What both sides of the border share: these come from the class path, whatever bundle asks. */
    private static final String[] SHARED = {
        "integration.tests.framework", "org.junit.*", "org.opentest4j", "org.apiguardian.api", "org.assertj.*"
    };

    private final ExamSystem system;
    private final NativeTestContainer container;
    private final TestFramework framework;
    private final Twins twins;

    private RunningFramework(ExamSystem system, NativeTestContainer container, TestFramework framework, Twins twins) {
        this.system = system;
        this.container = container;
        this.framework = framework;
        this.twins = twins;
    }

    static RunningFramework boot(Class<?> testClass) {
        InFramework wanted = AnnotationSupport.findAnnotation(testClass, InFramework.class)
                .or(() -> AnnotationSupport.findAnnotation(testClass.getNestHost(), InFramework.class))
                .orElseThrow(() -> new IllegalStateException(testClass + " has no @InFramework"));
        try {
            ExamSystem system = DefaultExamSystem.create(options(wanted));
            NativeTestContainer container = (NativeTestContainer) PaxExamRuntime.createContainer(system);
            try {
                container.start();
                Bundle probe = container
                        .getSystemBundle()
                        .getBundleContext()
                        .installBundle("test:" + testClass.getName(), Probe.of(testClass));
                probe.start();
                return new RunningFramework(
                        system, container, new TestFramework(probe.getBundleContext()), new Twins(probe));
            } catch (BundleException | RuntimeException e) {
                container.stop();
                system.clear();
                throw new IllegalStateException("the framework for " + testClass.getName() + " does not start", e);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TestFramework framework() {
        return framework;
    }

    Twins twins() {
        return twins;
    }

    @Override
    public void close() {
        container.stop();
        system.clear();
    }

    private static Option[] options(InFramework wanted) {
        List<Option> options = new ArrayList<>();
        options.add(bootDelegationPackages(SHARED));
        // Else "boot" is the JDK's boot loader, which does not have the class path.
        options.add(frameworkProperty("org.osgi.framework.bundle.parent").value("framework"));
        for (String property : wanted.properties()) {
            int equals = property.indexOf('=');
            options.add(frameworkProperty(property.substring(0, equals)).value(property.substring(equals + 1)));
        }
        Stream.of(wanted.services(), wanted.bundles())
                .flatMap(Stream::of)
                .map(name -> bundle(BundleJars.location(name)))
                .forEach(options::add);
        return options.toArray(Option[]::new);
    }
}
