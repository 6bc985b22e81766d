// SPDX-License-Identifier: Apache-2.0
/**
 * A session: what happens between the command line of the host and its exit status. Mostly on threads of the host; the device files of
 * {@link shell.session.HostFile} run in process context.
 */
package shell.session;
