// SPDX-License-Identifier: Apache-2.0
/**
 * What a person can do to a solid state disk besides talking to it: cut its power, break it, give it namespaces. Not exported, so that no driver can reach it: tests of the
 * model see it, a shell goes by {@link hardware.machine.bus.FaultInjection}.
 */
package hardware.ssd.control;
