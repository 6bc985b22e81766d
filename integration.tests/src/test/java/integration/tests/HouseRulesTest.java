// SPDX-License-Identifier: Apache-2.0
package integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every source file and package has, read from the sources. */
class HouseRulesTest {
    private static final String SPDX = "// SPDX-License-Identifier: Apache-2.0";

    @ParameterizedTest
    @MethodSource("integration.tests.House#modules")
    void everySourceFileNamesItsLicenceInTheFirstLine(String module) throws IOException {
        List<Path> without = new ArrayList<>();
        for (Path source : House.sources(module)) {
            try (var lines = Files.lines(source)) {
                if (!lines.findFirst().orElse("").equals(SPDX)) {
                    without.add(House.root().relativize(source));
                }
            }
        }
        assertThat(without).as("files whose first line is not %s", SPDX).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("integration.tests.House#modules")
    void everyPackageSaysWhatItIs(String module) {
        Path main = House.root().resolve(module).resolve("src/main/java");
        assertThat(House.files(main, ".java").stream().map(Path::getParent).distinct())
                .as("packages without a package-info.java")
                .allMatch(folder -> Files.exists(folder.resolve("package-info.java")));
    }
}
