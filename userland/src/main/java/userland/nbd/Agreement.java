// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

/**
 * What client and server have agreed on.
 *
 * @param structuredReplies whether reads are answered in chunks
 * @param blockStatus whether the client may ask for base:allocation
 * @param blockSizesKnown whether the client has been told the block sizes, and so keeps to them
 */
record Agreement(boolean structuredReplies, boolean blockStatus, boolean blockSizesKnown) {}
