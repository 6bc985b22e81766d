// SPDX-License-Identifier: Apache-2.0
package hardware.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs pieces of code side by side, from one starting gun, and waits for all of them. */
public final class Race {
    private Race() {}

    /** What a runner does; whatever it throws fails the test. */
    @FunctionalInterface
    public interface Runner {
        void run() throws Exception;
    }

    public static void run(List<Runner> runners) {
        CyclicBarrier gun = new CyclicBarrier(runners.size());
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (Runner runner : runners) {
            FutureTask<Void> task = new FutureTask<>(() -> {
                gun.await();
                runner.run();
                return null;
            });
            tasks.add(task);
            Thread.ofPlatform().daemon().name("runner " + tasks.size()).start(task);
        }
        for (FutureTask<Void> task : tasks) {
            try {
                task.get();
            } catch (ExecutionException e) {
                throw new AssertionError(e.getCause());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
