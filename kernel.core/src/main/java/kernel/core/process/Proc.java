// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;
import kernel.core.execution.*; import kernel.core.fs.*; import java.util.function.*;
public final class Proc extends Task implements UserProcess {
    Proc(Execution e, int pid, String name, Consumer<? super Task> body) { super(e, pid, name, body); }
    @Override public FileTable files() { return null; }
    @Override public NameSpace.State nameSpaceState() { return null; }
    @Override public int uid() { return 0; }
    @Override public int gid() { return 0; }
    @Override public String readUserString(long a, int m) { return null; }
    @Override public void traceLookup(String s, String n) {}
}
