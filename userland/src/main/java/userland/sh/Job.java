// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import userland.libc.WaitStatus;

/** The processes of a pipeline. */
final class Job {
    private final Map<Integer, WaitStatus> processes = new LinkedHashMap<>();
    private final String text;
    /** The process group; zero when the job has none of its own. */
    private int group;
    /** What {@code %1} means; zero in the foreground. */
    private int number;

    Job(String text) {
        this.text = text;
    }

    void add(int pid) {
        processes.put(pid, null);
    }

    void ended(WaitStatus status) {
        processes.put(status.pid(), status);
    }

    /** Those that have not ended. */
    List<Integer> running() {
        List<Integer> running = new ArrayList<>();
        processes.forEach((pid, status) -> {
            if (status == null) {
                running.add(pid);
            }
        });
        return running;
    }

    boolean isDone() {
        return running().isEmpty();
    }

    boolean contains(int pid) {
        return processes.containsKey(pid);
    }

    List<Integer> pids() {
        return List.copyOf(processes.keySet());
    }

    /** How they ended, in the order of the pipeline; of a job that is done. */
    List<WaitStatus> statuses() {
        return List.copyOf(processes.values());
    }

    /** How the last process of the pipeline ended, which is how the job did. */
    WaitStatus status() {
        return statuses().getLast();
    }

    int lastPid() {
        return pids().getLast();
    }

    String text() {
        return text;
    }

    int group() {
        return group;
    }

    void setGroup(int leader) {
        group = leader;
    }

    int number() {
        return number;
    }

    void setNumber(int jobNumber) {
        number = jobNumber;
    }
}
