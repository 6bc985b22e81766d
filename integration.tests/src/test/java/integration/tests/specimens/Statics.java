// SPDX-License-Identifier: Apache-2.0
package integration.tests.specimens;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Static state of every kind: seven fields that can change and the ones beside them that look so and cannot. */
public final class Statics {
    static int counter;
    static final int[] ARRAY = {1};
    static final List<String> LIST = new ArrayList<>();
    static final Map<String, String> MAP = new HashMap<>();
    static final AtomicInteger ATOMIC = new AtomicInteger();
    static final Holder HOLDER = new Holder();
    static final ThreadLocal<String> LOCAL = new ThreadLocal<>();

    static final int NUMBER = 1;
    static final String TEXT = "text";
    static final byte[] NOTHING = {};
    static final List<String> CONSTANT_LIST = List.of("a", "b", "c");
    static final Map<String, Integer> CONSTANT_MAP = Map.of("a", 1);
    static final Runnable FUNCTION = () -> {};
    static final Statics ITSELF = new Statics();
    static final Thread.State CONSTANT = Thread.State.NEW;

    private Statics() {}

    /** An innocent name around a field that changes. */
    static final class Holder {
        int value;
    }
}
