// SPDX-License-Identifier: Apache-2.0
/**
 * A server of the network block device protocol: negotiation, transmission, and the disk behind it (the protocol's own document, nbd/doc/proto.md). Ring 3,
 * one process for each connection.
 */
package userland.nbd;
