// SPDX-License-Identifier: Apache-2.0
package kernel.vfs;

import static kernel.uapi.Errno.*;
import static kernel.uapi.OpenFlags.*;
import static kernel.uapi.SystemCallNumber.*;
import static kernel.vfs.FakeDevices.characterDevice;
import static org.assertj.core.api.Assertions.assertThat;

import kernel.core.fs.DeviceNode;
import kernel.uapi.FileMode;
import org.junit.jupiter.api.Test;

/** Do nodes in /dev follow the devices, and what becomes of those who have them open? */
class DeviceNodeTest {
    private final FakeHost host = FakeHost.booted();
    private final FakeProcess root = host.root();
    private final NullDriver driver = new NullDriver();
    private final DeviceNode node = characterDevice("sensor1", 240, 1);

    @Test
    void devicesThatWereThereBeforeTheBootHaveNodes() {
        FakeHost other = new FakeHost();
        other.devices.plugIn(characterDevice("console", 5, 1), driver);
        VirtualFileSystem.mountRoot(other);
        FakeProcess process = other.root();
        assertThat(process.list("/dev")).containsExactly("console");
        assertThat(process.stat("/dev/console").mode()).isEqualTo(FileMode.S_IFCHR | 0666);
        assertThat(process.stat("/dev/console").number()).isEqualTo(FileMode.device(5, 1));
    }

    @Test
    void aNodeOpensTheDriverWithItsMinorNumber() {
        FakeDevices.Device device = host.devices.plugIn(node, driver);
        long fd = root.open("/dev/sensor1", O_RDWR);
        assertThat(root.write(fd, "12345")).isEqualTo(5);
        assertThat(driver.minor).isEqualTo(1);
        assertThat(device.openFiles).isEqualTo(1);
        assertThat(root.fstat(fd).number()).isEqualTo(FileMode.device(240, 1));
        root.close(fd);
        assertThat(driver.released).isEqualTo(1);
        assertThat(device.openFiles).isZero();
    }

    @Test
    void nodesComeAndGoWhileFilesAreOpen() {
        FakeDevices.Device device = host.devices.plugIn(node, driver);
        long fd = root.open("/dev/sensor1", O_RDONLY);
        host.devices.pullOut(node);
        assertThat(root.list("/dev")).isEmpty();
        assertThat(root.open("/dev/sensor1", O_RDONLY)).isEqualTo(-ENOENT);
        assertThat(root.fstat(fd).links()).isZero();
        assertThat(root.files().get((int) fd).device().enter()).isFalse();
        host.devices.plugIn(node, driver);
        assertThat(root.list("/dev")).containsExactly("sensor1");
        long again = root.open("/dev/sensor1", O_RDONLY);
        assertThat(root.fstat(again).inode()).isNotEqualTo(root.fstat(fd).inode());
        root.close(fd);
        assertThat(device.openFiles).isZero();
    }

    @Test
    void aDeviceThatGoesWhileItIsOpenedIsENODEV() {
        FakeDevices.Device device = host.devices.plugIn(node, driver);
        device.whileOpening = () -> host.devices.pullOut(node);
        assertThat(root.open("/dev/sensor1", O_RDONLY)).isEqualTo(-ENODEV);
        assertThat(root.openFiles()).isZero();
    }

    @Test
    void whatTheDriverRefusesIsNotReleased() {
        host.devices.plugIn(node, driver);
        driver.openAnswer = -EBUSY;
        assertThat(root.open("/dev/sensor1", O_RDONLY)).isEqualTo(-EBUSY);
        assertThat(driver.released).isZero();
        assertThat(root.openFiles()).isZero();
    }

    @Test
    void aNodeOfSomebodyElsesMakingOpensTheSameDevice() {
        host.devices.plugIn(node, driver);
        assertThat(root.call(MKNOD, "/tmp/mine", FileMode.S_IFCHR | 0600, FileMode.device(240, 1)))
                .isZero();
        assertThat(root.open("/tmp/mine", O_RDONLY)).isNotNegative();
        assertThat(host.process(2, 1000).open("/tmp/mine", O_RDONLY)).isEqualTo(-EACCES);
        host.devices.pullOut(node);
        assertThat(root.open("/tmp/mine", O_RDONLY)).isEqualTo(-ENXIO);
    }

    @Test
    void directoriesComeAndGoWithTheNodesInThem() {
        DeviceNode first = characterDevice("input/event0", 13, 64);
        DeviceNode second = characterDevice("input/event1", 13, 65);
        host.devices.plugIn(first, driver);
        host.devices.plugIn(second, driver);
        assertThat(root.list("/dev/input")).containsExactly("event1", "event0");
        host.devices.pullOut(first);
        assertThat(root.list("/dev/input")).containsExactly("event1");
        host.devices.pullOut(second);
        assertThat(root.list("/dev")).isEmpty();
    }

    @Test
    void aDirectoryWithSomethingElseInItStays() {
        DeviceNode only = characterDevice("input/event0", 13, 64);
        host.devices.plugIn(only, driver);
        root.make("/dev/input/notes", "");
        host.devices.pullOut(only);
        assertThat(root.list("/dev/input")).containsExactly("notes");
    }

    @Test
    void whatAProgramPutInPlaceOfANodeStays() {
        root.make("/dev/sensor1", "mine");
        host.devices.plugIn(node, driver);
        assertThat(root.content("/dev/sensor1")).isEqualTo("mine");
        host.devices.pullOut(node);
        assertThat(root.content("/dev/sensor1")).isEqualTo("mine");

        DeviceNode other = characterDevice("other", 240, 2);
        host.devices.plugIn(other, driver);
        root.call(UNLINK, "/dev/other");
        root.make("/dev/other", "mine too");
        host.devices.pullOut(other);
        assertThat(root.content("/dev/other")).isEqualTo("mine too");
    }

    @Test
    void theModeOfANodeCanBeChanged() {
        host.devices.plugIn(node, driver);
        root.call(CHMOD, "/dev/sensor1", 0600);
        assertThat(host.process(2, 1000).open("/dev/sensor1", O_RDONLY)).isEqualTo(-EACCES);
        host.devices.pullOut(node);
        assertThat(root.list("/dev")).isEmpty();
    }

    @Test
    void blockDevicesAreOpenedByTheirNumber() {
        DeviceNode disk = new DeviceNode("ssd0", FileMode.S_IFBLK | 0660, FileMode.device(259, 0));
        FakeDevices.Device device = host.devices.plugIn(disk, driver);
        assertThat(root.stat("/dev/ssd0").mode()).isEqualTo(FileMode.S_IFBLK | 0660);
        assertThat(root.open("/dev/ssd0", O_RDONLY)).isGreaterThanOrEqualTo(0);
        assertThat(device.openFiles).isEqualTo(1);
        host.devices.pullOut(disk);
        assertThat(root.list("/dev")).isEmpty();
    }
}
