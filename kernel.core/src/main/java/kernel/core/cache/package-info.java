// SPDX-License-Identifier: Apache-2.0
/**
 * The page cache: pages of files and of block devices in memory, read ahead of their readers and written behind their writers (Linux: mm/filemap.c,
 * mm/readahead.c, mm/page-writeback.c, mm/truncate.c, fs/buffer.c, fs/fs-writeback.c). Runs in process context; what ends transfers, in any.
 *
 * <p>Lock order: a file's own lock (i_rwsem), a page's lock, the mutex of a mapping's blocks, the locks of the file system. The raw locks are innermost:
 * that of the list of pages, then that of a mapping.
 */
@Export
@Version("1.0.0")
package kernel.core.cache;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
