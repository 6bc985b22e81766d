// SPDX-License-Identifier: Apache-2.0
package userland.libc;

/**
 * What a forked child runs: a function with an address of its own, since Java code cannot return twice. Parent and child share the Java
 * heap, unlike their memory: what this captures must not change any more, and it must use the library that it is given, not its parent's.
 */
@FunctionalInterface
public interface Child {
    /** Runs in the child; answers its exit status. */
    int run(Libc libc);
}
