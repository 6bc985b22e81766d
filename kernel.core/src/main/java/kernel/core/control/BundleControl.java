// SPDX-License-Identifier: Apache-2.0
package kernel.core.control;

import java.util.List;

/**
 * Bundles that are no modules: makers of devices, and programs of ring 3. They come from files of the host; modules come by insmod instead. On any
 * thread that may call into the framework.
 */
public interface BundleControl {
    /**
     * Adds a bundle and starts it: what it makes can be plugged in, its programs are files.
     *
     * @param file of the host
     * @return what it brought
     * @throws IllegalArgumentException it cannot be added and nothing of it is left; the message says why
     */
    BundleDescription add(String file);

    /**
     * Removes a bundle: its devices are pulled out, its programs vanish, those that run go on.
     *
     * @param name its symbolic name
     * @throws IllegalArgumentException there is none of that name, or a module uses its packages; the message says which
     */
    void remove(String name);

    /** All that are there, by name; those that belong to the house, too. */
    List<BundleDescription> bundles();

    /**
     * A bundle.
     *
     * @param name its symbolic name
     * @param devices the types of the devices that it makes, sorted
     * @param programs the paths of its programs, sorted
     */
    record BundleDescription(String name, String version, List<String> devices, List<String> programs) {
        public BundleDescription {
            devices = List.copyOf(devices);
            programs = List.copyOf(programs);
        }
    }
}
