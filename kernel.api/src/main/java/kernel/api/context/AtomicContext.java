// SPDX-License-Identifier: Apache-2.0
package kernel.api.context;

/**
 * A context that no process owns, so that there is nobody to put to sleep and no user memory to touch.
 */
public interface AtomicContext extends Context {}
