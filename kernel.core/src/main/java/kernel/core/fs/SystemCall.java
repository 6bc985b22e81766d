// SPDX-License-Identifier: Apache-2.0
package kernel.core.fs;

/** One entry of the system-call table. Process context; answers a result or a negative errno. */
@FunctionalInterface
public interface SystemCall {
    long call(UserProcess process, long a0, long a1, long a2, long a3, long a4, long a5);
}
