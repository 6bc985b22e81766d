// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.annotation.bundle.Export;

/** Who depends on whom, read from the class files: the table of {@link DependencyTable}, and nothing around it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
    private final Map<String, JavaClasses> classesByModule = new HashMap<>();
    private final Map<String, String> moduleByPackage = new HashMap<>();
    private final Set<String> exportedPackages = new TreeSet<>();

    @BeforeAll
    void readAllClassFiles() {
        for (String module : House.bundles()) {
            Path folder = House.classes(module);
            if (Files.isDirectory(folder)) {
                JavaClasses classes = new ClassFileImporter().importPath(folder);
                classesByModule.put(module, classes);
                for (JavaClass type : classes) {
                    moduleByPackage.put(type.getPackageName(), module);
                    if (type.getSimpleName().equals("package-info") && type.isAnnotatedWith(Export.class)) {
                        exportedPackages.add(type.getPackageName());
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("integration.tests.House#bundles")
    void aModuleUsesWhatTheTableAllows(String module) {
        Stream<String> offences = dependencies(module)
                .filter(dependency -> !DependencyTable.allows(module, packageOf(dependency)))
                .map(Dependency::getDescription);
        assertThat(offences)
                .as("%s may use %s", module, DependencyTable.row(module))
                .isEmpty();
    }

    /** The test kit, which runs beside the kernel on a class path, may look inside. */
    @ParameterizedTest
    @MethodSource("integration.tests.House#bundles")
    void aModuleUsesOnlyWhatTheOtherExports(String module) {
        assumeFalse(module.equals("testkit"), "looks inside the kernel by intent");
        Stream<String> offences = dependencies(module)
                .filter(dependency -> moduleByPackage.containsKey(packageOf(dependency)))
                .filter(dependency ->
                        !moduleByPackage.get(packageOf(dependency)).equals(module))
                .filter(dependency -> !exportedPackages.contains(packageOf(dependency)))
                .map(Dependency::getDescription);
        assertThat(offences).as("%s uses packages without @Export", module).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("integration.tests.House#bundles")
    void theRootPackageIsTheNameOfTheModule(String module) {
        Set<String> strangers = new TreeSet<>();
        for (JavaClass type : classes(module)) {
            String name = type.getPackageName();
            boolean home = name.equals(module) || name.startsWith(module + '.');
            // What kernel and user space share lies beside kernel.api, for neither owns it.
            boolean shared =
                    module.equals("kernel.api") && (name.equals("kernel.uapi") || name.startsWith("kernel.uapi."));
            if (!home && !shared) {
                strangers.add(name);
            }
        }
        assertThat(strangers)
                .as("packages of %s that are not below its name", module)
                .isEmpty();
    }

    @Test
    void everyModuleOfTheHouseHasARow() {
        assertThat(House.modules())
                .isNotEmpty()
                .allSatisfy(module -> assertThat(DependencyTable.row(module)).isNotNull());
    }

    @Test
    void theTableRefusesWhatMayNeverBe() {
        assertThat(DependencyTable.allows("drivers.tempsensor", "kernel.core.schedule"))
                .isFalse();
        assertThat(DependencyTable.allows("drivers.tempsensor", "drivers.ssd")).isFalse();
        assertThat(DependencyTable.allows("drivers.tempsensor", "hardware.ssd")).isFalse();
        assertThat(DependencyTable.allows("drivers.tempsensor", "hardware.tempsensor"))
                .isTrue();
        assertThat(DependencyTable.allows("hardware.tempsensor", "kernel.api.file"))
                .isFalse();
        assertThat(DependencyTable.allows("hardware.tempsensor", "kernel.uapi")).isFalse();
        assertThat(DependencyTable.allows("fs.ext2", "kernel.api.block")).isTrue();
        assertThat(DependencyTable.allows("fs.ext2", "kernel.vfs")).isFalse();
        assertThat(DependencyTable.allows("hardware.machine", "hardware.tempsensor"))
                .isFalse();
        assertThat(DependencyTable.allows("userland", "kernel.api.file")).isFalse();
        assertThat(DependencyTable.allows("userland", "kernel.uapi")).isTrue();
        assertThat(DependencyTable.allows("kernel.core", "kernel.vfs")).isFalse();
        assertThat(DependencyTable.allows("kernel.api", "kernel.apiary")).isFalse();
        assertThat(DependencyTable.allows("shell", "drivers.tempsensor")).isFalse();
    }

    @Test
    void anOffenceIsSeen() {
        // The judge judged: these very tests use AssertJ, which nothing in the kernel may.
        JavaClasses own = new ClassFileImporter().importClasses(ArchitectureTest.class);
        assertThat(own.get(ArchitectureTest.class).getDirectDependenciesFromSelf())
                .anyMatch(dependency -> !DependencyTable.allows("kernel.core", packageOf(dependency)));
    }

    private JavaClasses classes(String module) {
        return classesByModule.getOrDefault(module, new ClassFileImporter().importPaths(List.of()));
    }

    private Stream<Dependency> dependencies(String module) {
        return classes(module).stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency -> !packageOf(dependency).isEmpty());
    }

    /** The package that the dependency reaches into; that of the elements for an array, empty for a primitive type. */
    private static String packageOf(Dependency dependency) {
        JavaPackage target = dependency.getTargetClass().getBaseComponentType().getPackage();
        return target.getName();
    }
}
