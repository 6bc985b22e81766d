// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import java.util.List;
import kernel.uapi.Executable;

/**
 * What somebody outside of the machine wants started.
 *
 * @param path of the program, or what to call it
 * @param program null to look the path up
 */
record SpawnRequest(String path, Executable program, List<String> argv, List<String> env) {}
