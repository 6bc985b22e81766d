// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import static kernel.uapi.Errno.ENOENT;
import static kernel.uapi.Errno.ENOEXEC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of a module before any of its code is loaded. */
class ModuleFileTest {
    private static final Map<String, String> THERMO = Map.of(
            "Bundle-SymbolicName", "drivers.thermo",
            "Bundle-Vendor", "Acme",
            "Bundle-Version", "1.2.3",
            "Kernel-Module",
                    "thermo;description=\"My, thermometer\";license=\"GPL\";alias=\"acme,thermo,acme,thermo2\"",
            "Module-Parameter", "offset;type=int;description=\"Added, always\",loud;type=bool;description=\"Noise\"",
            "Import-Package", "kernel.api.device;version=\"[1.0,2)\",a.b;resolution:=optional,drivers.bus",
            "Export-Package", "drivers.thermo.tables;version=\"1.0\"");

    @TempDir
    private Path directory;

    @Test
    void theManifestSaysWhatModinfoShows() throws Exception {
        ModuleFile file = ModuleFile.read(jar("thermo.jar", THERMO));
        assertThat(file.info().name()).isEqualTo("thermo");
        assertThat(file.info().description()).isEqualTo("My, thermometer");
        assertThat(file.info().license()).isEqualTo("GPL");
        assertThat(file.info().aliases()).containsExactly("acme,thermo", "acme,thermo2");
        assertThat(file.info().parameters())
                .extracting(parameter -> parameter.name() + ":" + parameter.type() + ":" + parameter.description())
                .containsExactly("offset:int:Added, always", "loud:bool:Noise");
        assertThat(file.author()).isEqualTo("Acme");
        assertThat(file.info().sizeBytes()).isEqualTo(Files.size(file.path()));
        assertThat(file.packages()).containsExactly("drivers.thermo");
    }

    @Test
    void optionalImportsAreNotNeeded() throws Exception {
        assertThat(ModuleFile.read(jar("thermo.jar", THERMO)).imports())
                .containsExactly("kernel.api.device", "drivers.bus");
    }

    @Test
    void aModuleAnswersToItsNameAndToItsDevices() throws Exception {
        ModuleFile file = ModuleFile.read(jar("thermo.jar", THERMO));
        assertThat(List.of("thermo", "acme,thermo", "acme,thermo2")).allMatch(file::answersTo);
        assertThat(List.of("acme", "thermo3", "")).noneMatch(file::answersTo);
    }

    @Test
    void dashesAndUnderscoresAreTheSame() throws Exception {
        Map<String, String> manifest = Map.of("Bundle-SymbolicName", "x", "Kernel-Module", "my_bus;license=GPL");
        assertThat(ModuleFile.read(jar("x.jar", manifest)).answersTo("my-bus")).isTrue();
    }

    @Test
    void aModuleDependsOnThoseThatOfferWhatItImports() throws Exception {
        ModuleFile thermo = ModuleFile.read(jar("thermo.jar", THERMO));
        ModuleFile bus = ModuleFile.read(jar(
                "bus.jar",
                Map.of(
                        "Bundle-SymbolicName",
                        "b",
                        "Kernel-Module",
                        "bus;license=GPL",
                        "Export-Package",
                        "drivers.bus")));
        assertThat(thermo.dependsOn(List.of(thermo, bus))).containsExactly("bus");
        assertThat(bus.dependsOn(List.of(thermo, bus))).isEmpty();
    }

    @Test
    void aFileThatIsNotThereIsEnoent() {
        refused(directory.resolve("nowhere.jar"), ENOENT, "no such file");
    }

    @Test
    void whatIsNoJarIsNoModule() throws IOException {
        refused(Files.writeString(directory.resolve("text.jar"), "hello"), ENOEXEC, "not a jar");
    }

    @Test
    void aJarThatIsNoBundleIsNoModule() throws IOException {
        refused(jar("plain.jar", Map.of()), ENOEXEC, "a jar, but no bundle");
    }

    @Test
    void aBundleWithoutTheHeaderIsNoModule() throws IOException {
        refused(jar("bundle.jar", Map.of("Bundle-SymbolicName", "b")), ENOEXEC, "a bundle, but no module");
    }

    private static void refused(Path file, int errno, String reason) {
        assertThatThrownBy(() -> ModuleFile.read(file))
                .isInstanceOfSatisfying(
                        ModuleFormatException.class, e -> assertThat(e.errno()).isEqualTo(errno))
                .hasMessageContaining(file + ": " + reason);
    }

    private Path jar(String name, Map<String, String> headers) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach((key, value) -> manifest.getMainAttributes().putValue(key, value));
        Path file = directory.resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new ZipEntry("drivers/thermo/Thermo.class"));
        }
        return file;
    }
}
