// SPDX-License-Identifier: Apache-2.0
package integration.tests.specimens;

import kernel.uapi.Executable;
import kernel.uapi.UserProcessor;
import org.osgi.service.component.annotations.Component;
import userland.libc.Crt;

/** A user program as a bundle would bring it. */
@Component(property = Executable.PATH + "=/bin/hello")
public final class HelloProgram implements Executable {
    private final Executable program = new Crt(() -> (libc, arguments) -> {
        libc.stdout().println("hello from process " + libc.processes().getpid());
        return 0;
    });

    @Override
    public void start(UserProcessor processor, long stackPointer) {
        program.start(processor, stackPointer);
    }
}
