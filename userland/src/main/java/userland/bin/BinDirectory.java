// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import kernel.uapi.Executable;
import userland.sh.Sh;

/** All programs of this bundle, by the path at which the kernel shows them. */
public final class BinDirectory {
    private static final String DIRECTORY = "/bin/";
    private static final int FAILURE = 1;

    /** In the order of their names. */
    private static final List<Tool> TOOLS = List.of(
            new Tool("[", Test.USAGE_BRACKET, Test.TROUBLE, Test::new),
            new Tool("blkdiscard", Blkdiscard.USAGE, FAILURE, Blkdiscard::new),
            new Tool("blockdev", Blockdev.USAGE, FAILURE, Blockdev::new),
            new Tool("cat", Cat.USAGE, FAILURE, Cat::new),
            new Tool("chmod", Chmod.USAGE, FAILURE, Chmod::new),
            new Tool("clear", Clear.USAGE, FAILURE, Clear::new),
            new Tool("cmp", Cmp.USAGE, Cmp.TROUBLE, Cmp::new),
            new Tool("cp", Cp.USAGE, FAILURE, Cp::new),
            new Tool("date", Date.USAGE, FAILURE, Date::new),
            new Tool("dd", Dd.USAGE, FAILURE, Dd::new),
            new Tool("df", Df.USAGE, FAILURE, Df::new),
            new Tool("echo", Echo.USAGE, FAILURE, Echo::new),
            new Tool("env", Env.USAGE, Env.CANNOT, Env::new),
            new Tool("false", True.USAGE_FALSE, FAILURE, () -> new True(1)),
            new Tool("grep", Grep.USAGE, Grep.TROUBLE, Grep::new),
            new Tool("head", Head.USAGE, FAILURE, Head::new),
            new Tool("hexdump", Hexdump.USAGE, FAILURE, Hexdump::new),
            new Tool("iostat", Iostat.USAGE, FAILURE, Iostat::new),
            new Tool("kill", Kill.USAGE, FAILURE, Kill::new),
            new Tool("ln", Ln.USAGE, FAILURE, Ln::new),
            new Tool("ls", Ls.USAGE, Ls.TROUBLE, Ls::new),
            new Tool("lsblk", Lsblk.USAGE, FAILURE, Lsblk::new),
            new Tool("mkdir", Mkdir.USAGE, FAILURE, Mkdir::new),
            new Tool("mount", Mount.USAGE, FAILURE, Mount::new),
            new Tool("mkfs", Mkfs.USAGE, FAILURE, Mkfs::new),
            new Tool("mkfs.ext2", MkfsExt2.USAGE, FAILURE, MkfsExt2::new),
            new Tool("mv", Mv.USAGE, FAILURE, Mv::new),
            new Tool("nbd-server", NbdServer.USAGE, FAILURE, NbdServer::new),
            new Tool("nvme", Nvme.USAGE, FAILURE, Nvme::new),
            new Tool("od", Od.USAGE, FAILURE, Od::new),
            new Tool("printf", Printf.USAGE, FAILURE, Printf::new),
            new Tool("ps", Ps.USAGE, FAILURE, Ps::new),
            new Tool("pwd", Pwd.USAGE, FAILURE, Pwd::new),
            new Tool("rm", Rm.USAGE, FAILURE, Rm::new),
            new Tool("rmdir", Rmdir.USAGE, FAILURE, Rmdir::new),
            new Tool("seq", Seq.USAGE, FAILURE, Seq::new),
            new Tool("sh", Sh.USAGE, FAILURE, () -> new Sh(summaries())),
            new Tool("sleep", Sleep.USAGE, FAILURE, Sleep::new),
            new Tool("sort", Sort.USAGE, Sort.TROUBLE, Sort::new),
            new Tool("stat", Stat.USAGE, FAILURE, Stat::new),
            new Tool("sync", Sync.USAGE, FAILURE, Sync::new),
            new Tool("tail", Tail.USAGE, FAILURE, Tail::new),
            new Tool("tee", Tee.USAGE, FAILURE, Tee::new),
            new Tool("test", Test.USAGE, Test.TROUBLE, Test::new),
            new Tool("touch", Touch.USAGE, FAILURE, Touch::new),
            new Tool("true", True.USAGE, FAILURE, () -> new True(0)),
            new Tool("truncate", Truncate.USAGE, FAILURE, Truncate::new),
            new Tool("umount", Umount.USAGE, FAILURE, Umount::new),
            new Tool("uname", Uname.USAGE, FAILURE, Uname::new),
            new Tool("wc", Wc.USAGE, FAILURE, Wc::new),
            new Tool("yes", Yes.USAGE, FAILURE, Yes::new));

    private BinDirectory() {}

    /** The programs by their absolute path, in the order of their names. */
    public static Map<String, Executable> executables() {
        Map<String, Executable> executables = new LinkedHashMap<>();
        for (Tool tool : TOOLS) {
            executables.put(DIRECTORY + tool.name(), tool.executable());
        }
        return executables;
    }

    /** What each program does, in a line. */
    static Map<String, String> summaries() {
        return TOOLS.stream().collect(Collectors.toMap(Tool::name, Tool::summary));
    }
}
