// SPDX-License-Identifier: Apache-2.0
package hardware.ssd.registers;

/** Asynchronous events: the result of a completed request, and the bits that enable them. */
public final class AsyncEvent {
    /** In the result, bits 0 to 2: what kind of event. */
    public static final int RESULT_TYPE = 0x7;
    /** How far the information is shifted left in the result, 8 bits. */
    public static final int RESULT_INFORMATION_SHIFT = 8;
    /** How far the log page that has more and clears the event is shifted left in the result, 8 bits. */
    public static final int RESULT_LOG_PAGE_SHIFT = 16;

    /** Type: an error; information 0: write to a doorbell of no queue, 1: invalid value written to a doorbell. */
    public static final int TYPE_ERROR = 0;
    /** Type: health; information 0: reliability, 1: temperature, 2: spare below its threshold. */
    public static final int TYPE_HEALTH = 1;
    /** Type: notice; information 0: namespaces have changed. */
    public static final int TYPE_NOTICE = 2;

    /** Error: a write to a doorbell of a queue that does not exist. */
    public static final int ERROR_INVALID_DOORBELL_REGISTER = 0;
    /** Error: a value written to a doorbell that no entry has. */
    public static final int ERROR_INVALID_DOORBELL_VALUE = 1;
    /** Health: the medium is not reliable any more. */
    public static final int HEALTH_RELIABILITY = 0;
    /** Health: beyond the temperature threshold. */
    public static final int HEALTH_TEMPERATURE = 1;
    /** Health: few spare blocks. */
    public static final int HEALTH_SPARE = 2;
    /** Notice: namespaces were attached, detached or formatted; see {@link LogPage#CHANGED_NAMESPACES}. */
    public static final int NOTICE_NAMESPACE_CHANGED = 0;

    /** In the feature: critical warnings of the health log, the bits of {@link HealthLog#CRITICAL_WARNING}. */
    public static final int ENABLE_HEALTH = 0xff;
    /** In the feature and in OAES: changes of namespaces. */
    public static final int ENABLE_NAMESPACE_CHANGED = 1 << 8;

    private AsyncEvent() {}
}
