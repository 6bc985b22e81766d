// SPDX-License-Identifier: Apache-2.0
package kernel.core.process;

import static kernel.uapi.SystemCallNumber.*;

import kernel.uapi.OpenFlags;

/**
 * The arguments of system calls as strace writes them: strings and buffers in quotes, flags by their names. Reads user memory
 * without touching anything in. Used only while somebody traces.
 */
final class SystemCallText {
    private static final ArgumentKind[][] SIGNATURES = new ArgumentKind[TABLE_SIZE][];

    static {
        for (Signature signature : Signature.ALL) {
            SIGNATURES[signature.number()] = signature.kinds();
        }
    }

    /** The arguments at the entry: what the call will only write is shown as an address. */
    String enter(Proc process, int number, long... arguments) {
        return write(new ArgumentText(process, number, arguments, false, 0));
    }

    /** All arguments once more, when the call has written to user memory; else empty. */
    String exit(Proc process, int number, long result, long... arguments) {
        if (result < 0 || !hasOutput(number)) {
            return "";
        }
        return write(new ArgumentText(process, number, arguments, true, result));
    }

    private static boolean hasOutput(int number) {
        ArgumentKind[] kinds = signature(number);
        for (int i = 0; kinds != null && i < kinds.length; i++) {
            if (kinds[i].isOutput()) {
                return true;
            }
        }
        return false;
    }

    private static ArgumentKind[] signature(int number) {
        return number >= 0 && number < SIGNATURES.length ? SIGNATURES[number] : null;
    }

    private static String write(ArgumentText text) {
        ArgumentKind[] kinds = signature(text.number());
        if (kinds == null) {
            text.unknown();
            return text.toString();
        }
        boolean open = text.number() == OPEN || text.number() == OPENAT;
        int count = kinds.length;
        if (open && (text.argument(count - 2) & OpenFlags.O_CREAT) == 0) {
            count--;
        }
        for (int i = 0; i < count; i++) {
            text.append(i, kinds[i]);
        }
        return text.toString();
    }
}
