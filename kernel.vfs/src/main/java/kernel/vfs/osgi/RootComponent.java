// SPDX-License-Identifier: Apache-2.0
package kernel.vfs.osgi;

import kernel.core.fs.FileDescription;
import kernel.core.fs.FileSystemHost;
import kernel.core.fs.NameSpace;
import kernel.core.fs.UserProcess;
import kernel.vfs.VirtualFileSystem;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The name space of the running kernel, as a service: once it is there, processes can be started. */
@Component(immediate = true, service = NameSpace.class)
public final class RootComponent implements NameSpace {
    private final NameSpace root;

    /** Mounts. */
    @Activate
    public RootComponent(@Reference FileSystemHost host) {
        root = VirtualFileSystem.mountRoot(host);
    }

    @Override
    public State initialState() {
        return root.initialState();
    }

    @Override
    public ExecutableLookup executable(UserProcess process, String path) {
        return root.executable(process, path);
    }

    @Override
    public Identity identity(FileDescription file) {
        return root.identity(file);
    }

    @Override
    public int open(UserProcess process, String path, int flags, int mode) {
        return root.open(process, path, flags, mode);
    }
}
