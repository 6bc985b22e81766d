// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Keeps the rings apart while bundles are wired: a user program that imports a package of the kernel cannot even load. Covers
 * imported packages, dynamic ones included, required bundles and fragments, in both directions.
 */
final class RingGuard implements ResolverHookFactory {
    private static final Pattern PACKAGE =
            Pattern.compile(Pattern.quote(PackageNamespace.PACKAGE_NAMESPACE) + "=([^)]*)");

    private final Consumer<String> log;

    /** @param log gets each refusal, in one line */
    RingGuard(Consumer<String> log) {
        this.log = log;
    }

    @Override
    public ResolverHook begin(Collection<BundleRevision> triggers) {
        return new Guard(List.copyOf(triggers));
    }

    /** One run of the resolver. */
    private final class Guard implements ResolverHook {
        private final List<BundleRevision> triggers;
        private final Set<String> said = new HashSet<>();

        Guard(List<BundleRevision> triggers) {
            this.triggers = triggers;
        }

        /** Who asks for a single bundle is told the reason, as the message of his exception; otherwise the log has it. */
        @Override
        public void filterResolvable(Collection<BundleRevision> candidates) {
            if (triggers.size() != 1 || triggers.getFirst().getWiring() != null) {
                return;
            }
            Bundle bundle = triggers.getFirst().getBundle();
            Ring ring = Ring.of(bundle);
            for (BundleRequirement requirement :
                    triggers.getFirst().getDeclaredRequirements(PackageNamespace.PACKAGE_NAMESPACE)) {
                String wanted = packageName(requirement);
                if (isMandatory(requirement) && isOfTheKernel(wanted) && !ring.mayImport(wanted, Ring.KERNEL)) {
                    String refusal = ring.refusal(bundle.getSymbolicName(), wanted);
                    say(refusal);
                    throw new IllegalStateException(refusal);
                }
            }
        }

        @Override
        public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
            Bundle bundle = requirement.getRevision().getBundle();
            Ring ring = Ring.of(bundle);
            if (candidates.isEmpty()) {
                return;
            }
            String wanted = null;
            for (BundleCapability candidate : List.copyOf(candidates)) {
                if (!isAllowed(ring, requirement, candidate)) {
                    candidates.remove(candidate);
                    wanted = wanted(candidate);
                }
            }
            if (wanted != null && candidates.isEmpty()) {
                say(ring.refusal(bundle.getSymbolicName(), wanted));
            }
        }

        @Override
        public void filterSingletonCollisions(BundleCapability singleton, Collection<BundleCapability> collisions) {
            // Nothing to say about versions.
        }

        @Override
        public void end() {
            // Nothing is kept.
        }

        private void say(String refusal) {
            if (said.add(refusal)) {
                log.accept(refusal);
            }
        }
    }

    private static boolean isAllowed(Ring ring, BundleRequirement requirement, BundleCapability candidate) {
        Bundle provider = candidate.getRevision().getBundle();
        if (provider.equals(requirement.getRevision().getBundle())) {
            return true;
        }
        Ring other = Ring.of(provider);
        return switch (requirement.getNamespace()) {
            case PackageNamespace.PACKAGE_NAMESPACE ->
                ring.mayImport((String) candidate.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE), other);
            case BundleNamespace.BUNDLE_NAMESPACE, HostNamespace.HOST_NAMESPACE -> ring.mayJoin(other);
            default -> true;
        };
    }

    private static String wanted(BundleCapability candidate) {
        Object packageName = candidate.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE);
        return packageName != null
                ? packageName.toString()
                : "all of bundle " + candidate.getRevision().getSymbolicName();
    }

    private static boolean isMandatory(BundleRequirement requirement) {
        return requirement
                .getDirectives()
                .getOrDefault(Constants.RESOLUTION_DIRECTIVE, Constants.RESOLUTION_MANDATORY)
                .equals(Constants.RESOLUTION_MANDATORY);
    }

    private static String packageName(BundleRequirement requirement) {
        Matcher filter = PACKAGE.matcher(requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, ""));
        return filter.find() ? filter.group(1) : "";
    }

    private static boolean isOfTheKernel(String packageName) {
        String root = packageName.substring(0, Math.max(0, packageName.indexOf('.')));
        return root.equals("kernel") || root.equals("hardware") || root.equals("drivers") || root.equals("fs");
    }
}
