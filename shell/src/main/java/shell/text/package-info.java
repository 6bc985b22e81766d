// SPDX-License-Identifier: Apache-2.0
/** How tools write things down, in the shape of Linux's tools. Pure functions; run anywhere. */
package shell.text;
