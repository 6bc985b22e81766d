// SPDX-License-Identifier: Apache-2.0
package benchmarks.module;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import kernel.core.Kernel;
import kernel.uapi.StatLayout;
import kernel.uapi.SystemCallNumber;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import userland.libc.Crt;
import userland.libc.Libc;

/**
 * The part of {@link ModuleCycles} that is a bundle: sees the types that the kernel in the framework sees. Loads and unloads a module in a
 * process, by the system calls of insmod and rmmod.
 */
public final class ModuleProbe implements BundleActivator, Callable<String> {
    /** The property of the service; what it answers are lines of a name and nanoseconds. */
    static final String SERVICE = "ubend.benchmark";

    static final String FILE = "ubend.benchmark.file";
    static final String MODULE = "ubend.benchmark.module";
    static final String NODE = "ubend.benchmark.node";
    static final String CYCLES = "ubend.benchmark.cycles";

    private static final long SECONDS_MAX = 120;

    private BundleContext context;

    @Override
    public void start(BundleContext newContext) {
        context = newContext;
        context.registerService(Callable.class, this, FrameworkUtil.asDictionary(Map.of(SERVICE, "modules")));
    }

    @Override
    public void stop(BundleContext oldContext) {
        // The framework takes the service back.
    }

    @Override
    public String call() throws Exception {
        Kernel kernel = context.getService(context.getServiceReference(Kernel.class));
        CompletableFuture<String> answer = new CompletableFuture<>();
        kernel.spawn(new Crt(() -> (libc, _) -> run(libc, answer)), new String[] {"modules"}, new String[0]);
        try {
            return answer.get(SECONDS_MAX, TimeUnit.SECONDS);
        } finally {
            System.out.println(kernel.log().text());
        }
    }

    private int run(Libc libc, CompletableFuture<String> answer) {
        try {
            answer.complete(cycles(libc));
            return 0;
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
            return 1;
        }
    }

    private String cycles(Libc libc) {
        StringBuilder lines = new StringBuilder();
        int cycles = Integer.parseInt(context.getProperty(CYCLES));
        try (var arena = libc.arena()) {
            String path = context.getProperty(FILE);
            long file = arena.string(path);
            long noArguments = arena.string("");
            long module = arena.string(context.getProperty(MODULE));
            long node = arena.string(context.getProperty(NODE));
            long status = arena.allocate(StatLayout.BYTES);
            for (int cycle = 0; cycle < cycles; cycle++) {
                long start = System.nanoTime();
                check("init_module", libc.raw().call(SystemCallNumber.INIT_MODULE, file, path.length(), noArguments));
                check("stat", libc.raw().call(SystemCallNumber.STAT, node, status));
                long inserted = System.nanoTime();
                check("delete_module", libc.raw().call(SystemCallNumber.DELETE_MODULE, module, 0));
                long removed = System.nanoTime();
                if (libc.raw().call(SystemCallNumber.STAT, node, status) == 0) {
                    throw new IllegalStateException("the node outlived its driver");
                }
                lines.append("insmod ").append(inserted - start).append('\n');
                lines.append("rmmod ").append(removed - inserted).append('\n');
            }
        }
        return lines.toString();
    }

    private static void check(String call, long result) {
        if (result != 0) {
            throw new IllegalStateException(call + " answers " + result);
        }
    }
}
