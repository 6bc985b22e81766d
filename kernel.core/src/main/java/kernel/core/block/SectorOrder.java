// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

import java.util.Arrays;

/**
 * Requests by their first sector: an array, for there are hundreds at most, and it allocates nothing once it has grown (Linux: the red-black trees of
 * struct request). Guarded by whoever owns it.
 */
final class SectorOrder {
    private Request[] requests = new Request[8];
    private int size;

    int size() {
        return size;
    }

    /** The place of the first request at that sector or behind it. */
    private int placeOf(long sector) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (requests[middle].sector < sector) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Puts a request behind those with the same sector. */
    void add(Request request) {
        if (size == requests.length) {
            requests = Arrays.copyOf(requests, size * 2);
        }
        int place = placeOf(request.sector + 1);
        System.arraycopy(requests, place, requests, place + 1, size - place);
        requests[place] = request;
        size++;
    }

    void remove(Request request) {
        int place = placeOf(request.sector);
        while (requests[place] != request) {
            place++;
        }
        size--;
        System.arraycopy(requests, place + 1, requests, place, size - place);
        requests[size] = null;
    }

    /** The first one at that sector or behind it, or null. */
    Request atOrAfter(long sector) {
        int place = placeOf(sector);
        return place < size ? requests[place] : null;
    }

    /** The nearest one before that sector if it ends there, or null. */
    Request endingAt(long sector) {
        int place = placeOf(sector) - 1;
        return place >= 0 && requests[place].endSector() == sector ? requests[place] : null;
    }

    /** One that begins at that sector, or null. */
    Request beginningAt(long sector) {
        Request request = atOrAfter(sector);
        return request != null && request.sector == sector ? request : null;
    }

    /** Makes a fragment part of a request that ends where it begins, or begins where it ends. */
    boolean merge(Fragment fragment, QueueLimits limits) {
        Request before = endingAt(fragment.sector);
        if (before != null && Merging.into(before, fragment, limits)) {
            return true;
        }
        Request behind = beginningAt(fragment.endSector());
        if (behind == null) {
            return false;
        }
        // Its beginning moves: it is taken out and put in again, for others may begin in between.
        remove(behind);
        boolean merged = Merging.into(behind, fragment, limits);
        add(behind);
        return merged;
    }
}
