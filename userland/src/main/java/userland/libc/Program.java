// SPDX-License-Identifier: Apache-2.0
package userland.libc;

/**
 * A program: what {@code main} is in C. Exec makes an instance anew for each process image, so its fields belong to one process, as long as
 * it does not fork.
 */
@FunctionalInterface
public interface Program {
    /**
     * Runs to the end of the program.
     *
     * @param arguments without the program's own name, which is {@link Libc#programName()}
     * @return the exit status; its low eight bits reach the parent
     */
    int main(Libc libc, String[] arguments);
}
