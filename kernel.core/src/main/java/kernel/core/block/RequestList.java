// SPDX-License-Identifier: Apache-2.0
package kernel.core.block;

/** Requests in the order in which they came, linked through themselves. Guarded by whoever owns it. */
final class RequestList {
    private Request first;
    private Request last;

    Request first() {
        return first;
    }

    boolean isEmpty() {
        return first == null;
    }

    void add(Request request) {
        request.next = null;
        request.previous = last;
        if (last == null) {
            first = request;
        } else {
            last.next = request;
        }
        last = request;
    }

    void remove(Request request) {
        if (request.previous == null) {
            first = request.next;
        } else {
            request.previous.next = request.next;
        }
        if (request.next == null) {
            last = request.previous;
        } else {
            request.next.previous = request.previous;
        }
        request.next = null;
        request.previous = null;
    }
}
