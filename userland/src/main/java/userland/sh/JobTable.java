// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.ArrayList;
import java.util.List;
import kernel.uapi.Errno;
import userland.libc.Libc;
import userland.libc.SignalText;
import userland.libc.SystemCallException;
import userland.libc.WaitStatus;

/** The jobs in the background, the newest last. */
final class JobTable {
    private static final int REMEMBERED_MAX = 64;
    private static final int STATE_WIDTH = 24;
    /** In place of the status of a process that somebody else waited for. */
    private static final int UNKNOWN_STATUS = 127 << 8;

    private final Libc libc;
    private final List<Job> jobs = new ArrayList<>();

    JobTable(Libc libc) {
        this.libc = libc;
    }

    List<Job> all() {
        return List.copyOf(jobs);
    }

    /** Numbers the job and remembers it. Of those that have ended it forgets the oldest when there are too many. */
    void add(Job job) {
        if (jobs.size() >= REMEMBERED_MAX) {
            poll();
            jobs.stream().filter(Job::isDone).findFirst().ifPresent(jobs::remove);
        }
        int number = 1;
        for (Job other : jobs) {
            number = Math.max(number, other.number() + 1);
        }
        job.setNumber(number);
        jobs.add(job);
    }

    void remove(Job job) {
        jobs.remove(job);
    }

    /** The job for {@code %1}, {@code %%}, {@code %+}, {@code %-} or a process id; null when there is none. */
    Job find(String name) {
        if (name.equals("%%") || name.equals("%+") || name.equals("%")) {
            return current();
        }
        if (name.equals("%-")) {
            return previous();
        }
        boolean byNumber = name.startsWith("%");
        String digits = byNumber ? name.substring(1) : name;
        for (Job job : jobs) {
            boolean match = byNumber
                    ? digits.equals(Integer.toString(job.number()))
                            || job.text().startsWith(digits)
                    : job.pids().stream().anyMatch(pid -> digits.equals(Integer.toString(pid)));
            if (match) {
                return job;
            }
        }
        return null;
    }

    /** The newest; null when there is none. */
    Job current() {
        return jobs.isEmpty() ? null : jobs.getLast();
    }

    private Job previous() {
        return jobs.size() > 1 ? jobs.get(jobs.size() - 2) : current();
    }

    /** Asks the kernel who has ended, without waiting. */
    void poll() {
        for (Job job : jobs) {
            for (int pid : job.running()) {
                try {
                    WaitStatus status = libc.processes().wait4(pid, WaitStatus.WNOHANG);
                    if (status.pid() == pid) {
                        job.ended(status);
                    }
                } catch (SystemCallException _) {
                    job.ended(new WaitStatus(pid, UNKNOWN_STATUS));
                }
            }
        }
    }

    /**
     * Waits for all processes of a job.
     *
     * @param interrupts leaves when the interrupt key was pressed; null stays, for a job that the key ends itself
     */
    void await(Job job, Interrupts interrupts) {
        for (int pid : job.running()) {
            while (job.running().contains(pid)) {
                // Before each call: the handler may have run in one that had its answer already.
                if (interrupts != null) {
                    interrupts.check();
                }
                try {
                    job.ended(libc.processes().wait4(pid, 0));
                } catch (SystemCallException e) {
                    if (e.errno() == Errno.ECHILD) {
                        job.ended(new WaitStatus(pid, UNKNOWN_STATUS));
                    } else if (e.errno() != Errno.EINTR) {
                        throw e;
                    }
                }
            }
        }
    }

    /** A line for each job that has ended, which then is forgotten. */
    List<String> takeFinished() {
        poll();
        List<String> lines = new ArrayList<>();
        for (Job job : all()) {
            if (job.isDone()) {
                lines.add(describe(job));
            }
        }
        jobs.removeIf(Job::isDone);
        return lines;
    }

    /** The line for a job, as {@code [1]+  Done}. */
    String describe(Job job) {
        String mark = job == current() ? "+" : job == previous() ? "-" : " ";
        String state = job.isDone() ? state(job.status()) : "Running";
        String padding = " ".repeat(Math.max(1, STATE_WIDTH - state.length()));
        return "[" + job.number() + "]" + mark + "  " + state + padding + job.text() + (job.isDone() ? "" : " &");
    }

    private static String state(WaitStatus status) {
        if (!status.exited()) {
            return SignalText.of(status.signal());
        }
        return status.exitCode() == 0 ? "Done" : "Exit " + status.exitCode();
    }
}
