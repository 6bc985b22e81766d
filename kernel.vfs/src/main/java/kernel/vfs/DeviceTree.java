// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import java.util.HashMap;
import java.util.Map;
import kernel.core.fs.DeviceNode;
import kernel.core.fs.DeviceNumbers;

/**
 * What the kernel keeps in /dev: a node for each device that is there, in directories made as needed (Linux:
 * drivers/base/devtmpfs.c). Programs may make files beside them; a name that is taken stays what it is. Called on any thread.
 */
final class DeviceTree implements DeviceNumbers.Listener {
    private final FileTree tree;
    private final FileSystem fileSystem;
    private final Dentry root;
    private final KernelNames names;
    private final Map<String, DeviceInode> nodes = new HashMap<>();

    DeviceTree(FileTree tree, FileSystem fileSystem, Dentry root) {
        this.tree = tree;
        this.fileSystem = fileSystem;
        this.root = root;
        this.names = new KernelNames(tree);
    }

    @Override
    public synchronized void added(DeviceNode node) {
        String name = node.name();
        Dentry parent = names.directories(root, name);
        if (parent == null) {
            return;
        }
        Inode.Birth birth = new Inode.Birth(node.mode(), 0, 0, tree.now());
        DeviceInode inode = new DeviceInode(fileSystem, fileSystem.nextInodeNumber(), birth, node.device());
        if (tree.makeForKernel(parent, name.substring(name.lastIndexOf('/') + 1), inode)) {
            nodes.put(name, inode);
        }
    }

    @Override
    public synchronized void removed(DeviceNode node) {
        DeviceInode inode = nodes.get(node.name());
        if (inode != null && inode.deviceNumber() == node.device()) {
            nodes.remove(node.name());
            names.remove(root, node.name(), inode);
        }
    }
}
