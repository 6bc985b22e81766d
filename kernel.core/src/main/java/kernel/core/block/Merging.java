// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

/** Whether a fragment becomes part of a request that waits (Linux: blk_attempt_bio_merge). */
final class Merging {
    private Merging() {}

    /** By whoever holds what guards the request. */
    static boolean into(Request request, Fragment fragment, QueueLimits limits) {
        BlockBio bio = fragment.bio;
        return request.isLike(bio.operation(), bio.part().disk().passesForcedUnitAccess(bio))
                && (request.mergeBack(fragment, limits) || request.mergeFront(fragment, limits));
    }
}
