// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.controller;

import hardware.ssd.registers.AsyncEvent;
import hardware.ssd.registers.LogPage;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Asynchronous events: requests that wait for one, and events that wait for a request. After a type of event was told, no other of it is until its log page
 * was read. Guarded by the firmware's lock.
 */
final class AsyncEvents {
    /** How many requests are held. */
    static final int LIMIT = 4;

    private static final int MOST_WAITING = 16;

    /** An event that nobody was told of yet. */
    private record Event(int type, int information, int logPage) {
        int result() {
            return type
                    | information << AsyncEvent.RESULT_INFORMATION_SHIFT
                    | logPage << AsyncEvent.RESULT_LOG_PAGE_SHIFT;
        }
    }

    private final ArrayDeque<Command> requests = new ArrayDeque<>();
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private int maskedTypes;

    void reset() {
        requests.clear();
        events.clear();
        maskedTypes = 0;
    }

    /** Holds a request; false when there are too many. */
    boolean hold(Command request) {
        if (requests.size() == LIMIT) {
            return false;
        }
        request.phase = Command.Phase.HELD;
        requests.add(request);
        return true;
    }

    void forget(Command request) {
        requests.remove(request);
    }

    void error(int information) {
        add(new Event(AsyncEvent.TYPE_ERROR, information, LogPage.ERRORS));
    }

    void health(int information) {
        add(new Event(AsyncEvent.TYPE_HEALTH, information, LogPage.HEALTH));
    }

    void namespacesChanged() {
        add(new Event(AsyncEvent.TYPE_NOTICE, AsyncEvent.NOTICE_NAMESPACE_CHANGED, LogPage.CHANGED_NAMESPACES));
    }

    private void add(Event event) {
        if (events.size() < MOST_WAITING && !events.contains(event)) {
            events.add(event);
        }
    }

    /** The log page was read: events of its type are told again. */
    void logWasRead(int page) {
        switch (page) {
            case LogPage.ERRORS -> maskedTypes &= ~(1 << AsyncEvent.TYPE_ERROR);
            case LogPage.HEALTH -> maskedTypes &= ~(1 << AsyncEvent.TYPE_HEALTH);
            case LogPage.CHANGED_NAMESPACES -> maskedTypes &= ~(1 << AsyncEvent.TYPE_NOTICE);
            default -> {}
        }
    }

    /** The next request that can be completed, with its result; null when there is none. */
    Command next() {
        if (requests.isEmpty()) {
            return null;
        }
        for (Iterator<Event> all = events.iterator(); all.hasNext(); ) {
            Event event = all.next();
            if ((maskedTypes & 1 << event.type) == 0) {
                all.remove();
                maskedTypes |= 1 << event.type;
                Command request = requests.poll();
                request.result = event.result();
                return request;
            }
        }
        return null;
    }
}
