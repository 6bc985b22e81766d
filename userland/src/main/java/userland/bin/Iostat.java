// SPDX-License-Identifier: Apache-2.0
package userland.bin;

import java.util.List;
import userland.libc.Libc;
import userland.libc.Program;
import userland.libc.SystemName;

/** iostat(1): what disks have done, out of /proc/diskstats. */
final class Iostat implements Program {
    static final String USAGE = """
            Usage: iostat [-dpxyz] [DEVICE...] [INTERVAL [COUNT]]
            Show what disks have done, since the start and then in each interval of so many seconds.

              -d   disks only; they are all there is here
              -p   partitions, too
              -x   more columns
              -y   not what was before the first interval
              -z   only those that have done something
            """;

    private static final long MILLIS_PER_SECOND = 1_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final double PERCENT = 100;
    private static final int NAME_WIDTH = 13;

    private Libc libc;
    private Options options;
    private List<String> devices = List.of();

    @Override
    public int main(Libc ownLibc, String[] arguments) {
        libc = ownLibc;
        options = Options.parse(arguments, "dpxyz");
        devices = options.operands().stream().filter(word -> !isNumber(word)).toList();
        List<String> numbers =
                options.operands().stream().filter(Iostat::isNumber).toList();
        if (numbers.size() > 2) {
            throw new UsageException("extra operand '" + numbers.getLast() + "'");
        }
        long interval = numbers.isEmpty() ? 0 : Long.parseLong(numbers.getFirst());
        long count = numbers.size() == 2 ? Long.parseLong(numbers.get(1)) : interval == 0 ? 1 : Long.MAX_VALUE;
        if (!numbers.isEmpty() && (interval == 0 || count == 0)) {
            throw new UsageException("an interval and a count are at least 1");
        }
        printSystem();
        List<DiskCounts> last = List.of();
        double lastSeconds = 0;
        boolean skip = options.has('y') && interval > 0;
        for (long done = 0; done < count; ) {
            List<DiskCounts> now = DiskCounts.read(libc);
            double seconds = uptimeSeconds();
            if (!skip) {
                print(now, last, seconds - lastSeconds);
                done++;
            }
            skip = false;
            last = now;
            lastSeconds = seconds;
            if (done < count) {
                libc.stdout().flush();
                libc.clock().sleep(interval * NANOS_PER_SECOND);
            }
        }
        return 0;
    }

    private static boolean isNumber(String word) {
        return word.matches("[0-9]{1,9}");
    }

    private void printSystem() {
        SystemName name = libc.uname();
        libc.stdout()
                .println("%s %s (%s) \t_%s_\t(%d CPU)"
                        .formatted(name.system(), name.release(), name.node(), name.machine(), processors()));
        libc.stdout().println("");
    }

    private long processors() {
        return TextFiles.lines(libc, "/proc/stat").stream()
                .filter(line -> line.matches("cpu[0-9].*"))
                .count();
    }

    private double uptimeSeconds() {
        return Double.parseDouble(TextFiles.value(libc, "/proc/uptime").split(" ", -1)[0]);
    }

    private void print(List<DiskCounts> now, List<DiskCounts> last, double seconds) {
        double span = Math.max(seconds, 1.0 / MILLIS_PER_SECOND);
        String heading = "%-" + NAME_WIDTH + "s";
        libc.stdout().println(heading.formatted("Device") + (options.has('x') ? IostatRow.MORE : IostatRow.FEW));
        for (DiskCounts counts : now) {
            DiskCounts difference = counts.since(last);
            if (isWanted(counts.name()) && !(options.has('z') && difference.isIdle())) {
                String row = options.has('x') ? IostatRow.more(difference, span) : IostatRow.few(difference, span);
                libc.stdout().println(heading.formatted(counts.name()) + row);
            }
        }
        libc.stdout().println("");
    }

    private boolean isWanted(String name) {
        if (!devices.isEmpty()) {
            return devices.stream()
                    .anyMatch(device ->
                            device.substring(device.lastIndexOf('/') + 1).equals(name));
        }
        return options.has('p')
                || TextFiles.value(libc, "/sys/class/block/" + name + "/partition")
                        .isEmpty();
    }

    /** How much of a time something was. */
    static double percent(double part, double whole) {
        return whole == 0 ? 0 : PERCENT * part / whole;
    }
}
