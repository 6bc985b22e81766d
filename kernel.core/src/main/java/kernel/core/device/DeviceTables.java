// SPDX-License-Identifier: Apache-2.0
package kernel.core.device;

import java.util.ArrayList;
import java.util.List;
import kernel.core.block.BlockLayer;
import kernel.core.fs.DeviceNode;
import kernel.core.fs.DeviceNumbers;
import kernel.core.fs.FileDescription;
import kernel.core.fs.UserProcess;

/** Character devices and disks together, as /dev sees them. */
public final class DeviceTables implements DeviceNumbers {
    private final CharacterDevices characters;
    private final BlockLayer blocks;

    public DeviceTables(CharacterDevices characters, BlockLayer blocks) {
        this.characters = characters;
        this.blocks = blocks;
    }

    @Override
    public void listen(Listener listener) {
        characters.listen(listener);
        blocks.registry().listen(listener);
    }

    @Override
    public List<DeviceNode> nodes() {
        List<DeviceNode> all = new ArrayList<>(characters.nodes());
        all.addAll(blocks.registry().nodes());
        return all;
    }

    @Override
    public int openCharacterDevice(UserProcess process, FileDescription file, long device) {
        return characters.openCharacterDevice(process, file, device);
    }

    @Override
    public int openBlockDevice(UserProcess process, FileDescription file, long device, int flags) {
        return blocks.open(process, file, device, flags);
    }

    /** The text of /proc/devices. */
    public String procText() {
        return characters.procText() + "\n" + blocks.registry().procDevices();
    }
}
