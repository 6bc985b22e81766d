// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;
import kernel.core.execution.*; import kernel.core.fs.*; import kernel.uapi.Executable;
public final class ProcessTable {
    public ProcessTable(Execution execution) {}
    public void setNameSpace(NameSpace n) {}
    public void signal(Proc p, int s) {}
    public SpawnedProcess spawn(String path, String[] argv, String[] env) { throw new UnsupportedOperationException("not yet"); }
    public SpawnedProcess spawn(Executable program, String[] argv, String[] env) { throw new UnsupportedOperationException("not yet"); }
}
