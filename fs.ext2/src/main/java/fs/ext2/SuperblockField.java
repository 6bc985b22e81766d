// SPDX-License-Identifier: Apache-2.0
package fs.ext2;

/** Where the fields of a superblock are, in bytes from its beginning, and what they may say (Linux: fs/ext2/ext2.h, struct ext2_super_block). */
final class SuperblockField {
    static final int INODES_COUNT = 0;
    static final int BLOCKS_COUNT = 4;
    static final int RESERVED_BLOCKS_COUNT = 8;
    static final int FREE_BLOCKS_COUNT = 12;
    static final int FREE_INODES_COUNT = 16;
    static final int FIRST_DATA_BLOCK = 20;
    static final int LOG_BLOCK_SIZE = 24;
    static final int LOG_FRAGMENT_SIZE = 28;
    static final int BLOCKS_PER_GROUP = 32;
    static final int FRAGMENTS_PER_GROUP = 36;
    static final int INODES_PER_GROUP = 40;
    static final int MOUNT_TIME = 44;
    static final int WRITE_TIME = 48;
    static final int MOUNT_COUNT = 52;
    static final int MAX_MOUNT_COUNT = 54;
    static final int MAGIC = 56;
    static final int STATE = 58;
    static final int ERRORS = 60;
    static final int LAST_CHECK = 64;
    static final int CHECK_INTERVAL = 68;
    static final int REVISION_LEVEL = 76;
    static final int RESERVED_USER = 80;
    static final int RESERVED_GROUP = 82;
    static final int FIRST_INODE = 84;
    static final int INODE_SIZE = 88;
    static final int FEATURE_COMPAT = 92;
    static final int FEATURE_INCOMPAT = 96;
    static final int FEATURE_RO_COMPAT = 100;
    static final int DEFAULT_MOUNT_OPTIONS = 256;
    static final int FIRST_META_BLOCK_GROUP = 260;
    /** Of the whole structure. */
    static final int BYTES = 1024;

    static final int MAGIC_EXT2 = 0xef53;

    static final int STATE_VALID = 1;
    static final int STATE_ERROR = 2;

    static final int ERRORS_CONTINUE = 1;
    static final int ERRORS_PANIC = 3;

    static final int REVISION_GOOD_OLD = 0;
    static final int REVISION_DYNAMIC = 1;
    static final int GOOD_OLD_FIRST_INODE = 11;
    static final int GOOD_OLD_INODE_SIZE = 128;

    static final int COMPAT_HAS_JOURNAL = 0x4;
    static final int INCOMPAT_FILETYPE = 0x2;
    static final int INCOMPAT_META_BLOCK_GROUPS = 0x10;
    static final int INCOMPAT_SUPPORTED = INCOMPAT_FILETYPE | INCOMPAT_META_BLOCK_GROUPS;
    static final int RO_COMPAT_SPARSE_SUPER = 0x1;
    static final int RO_COMPAT_LARGE_FILE = 0x2;
    static final int RO_COMPAT_BTREE_DIRECTORY = 0x4;
    static final int RO_COMPAT_SUPPORTED = RO_COMPAT_SPARSE_SUPER | RO_COMPAT_LARGE_FILE | RO_COMPAT_BTREE_DIRECTORY;

    static final int DEFAULT_BSD_GROUPS = 0x2;
    static final int DEFAULT_UID16 = 0x10;

    static final int DEFAULT_MAX_MOUNT_COUNT = 20;

    private SuperblockField() {}
}
