// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import kernel.core.Kernel;
import kernel.core.control.SessionControl;
import kernel.core.process.SpawnedProcess;
import kernel.uapi.Executable;
import kernel.uapi.Signal;

/** Sessions of the host on a kernel; on any thread of the host. */
final class Sessions implements SessionControl {
    /** The numbers that hypervisor consoles have on Linux. */
    private static final int MAJOR = 229;

    private static final String DRIVER = "hvc";
    private static final int MODE = 0600;

    private final Kernel kernel;

    Sessions(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public String addStream(int number, InputStream in, OutputStream out) {
        String name = DRIVER + number;
        kernel.characterDevices().registerBuiltIn(MAJOR, number, DRIVER, name, MODE, new HostFile(kernel, in, out));
        return "/dev/" + name;
    }

    @Override
    public ProgramRun start(Executable program, List<String> argv, List<String> environment) {
        SpawnedProcess process = kernel.spawn(program, argv.toArray(String[]::new), environment.toArray(String[]::new));
        return new Run(process);
    }

    private final class Run implements ProgramRun {
        private final SpawnedProcess process;

        Run(SpawnedProcess process) {
            this.process = process;
        }

        @Override
        public int pid() {
            return process.pid();
        }

        @Override
        public int exitCode() {
            return process.exitCode();
        }

        @Override
        public void onExit(Runnable listener) {
            process.onExit(status -> listener.run());
        }

        @Override
        public void interrupt() {
            kernel.processes().signalGroup(process.pid(), Signal.SIGINT);
        }
    }
}
