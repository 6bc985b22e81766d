// SPDX-License-Identifier: Apache-2.0
/** The translation layer: logical pages on flash that can only be erased in blocks, and the volatile write cache in front of them. */
package hardware.ssd.ftl;
