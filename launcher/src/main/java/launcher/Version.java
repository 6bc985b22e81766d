// SPDX-License-Identifier: Apache-2.0
package launcher;

import java.io.IOException;
import java.io.InputStream;
import java.util.jar.Manifest;

/** The version of this build, from the launcher's own manifest. */
final class Version {
    private Version() {}

    static String text() {
        try (InputStream in = Version.class.getResourceAsStream("/META-INF/MANIFEST.MF")) {
            String version =
                    in == null ? null : new Manifest(in).getMainAttributes().getValue("Bundle-Version");
            return version == null ? "(unpackaged)" : version;
        } catch (IOException e) {
            return "(unknown: " + e.getMessage() + ")";
        }
    }
}
