// SPDX-License-Identifier: Apache-2.0
package userland.sh;

/** Patterns: {@code *}, {@code ?}, {@code [a-z]}, {@code [!a-z]}; a backslash takes the meaning from the character behind it (glob(7)). */
final class Glob {
    private Glob() {}

    /** Whether the text as a whole matches. */
    static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int starText = 0;
        while (true) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = ++p;
                starText = t;
                continue;
            }
            if (t == text.length() && p == pattern.length()) {
                return true;
            }
            int next = p < pattern.length() && t < text.length() ? matchOne(pattern, p, text.charAt(t)) : -1;
            if (next >= 0) {
                p = next;
                t++;
            } else if (star >= 0 && starText < text.length()) {
                p = star;
                t = ++starText;
            } else {
                return false;
            }
        }
    }

    /** Whether there is anything in the pattern that does not stand for itself. */
    static boolean isPattern(String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '*' || c == '?' || (c == '[' && pattern.indexOf(']', i + 2) > 0)) {
                return true;
            }
        }
        return false;
    }

    /** The text for which a pattern without wild cards stands. */
    static String unescape(String pattern) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            if (pattern.charAt(i) == '\\' && i + 1 < pattern.length()) {
                i++;
            }
            text.append(pattern.charAt(i));
        }
        return text.toString();
    }

    /** A pattern that matches nothing but the text. */
    static String escape(String text) {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if ("*?[]\\".indexOf(text.charAt(i)) >= 0) {
                pattern.append('\\');
            }
            pattern.append(text.charAt(i));
        }
        return pattern.toString();
    }

    /** Matches one character; answers the position in the pattern behind it, or -1. */
    private static int matchOne(String pattern, int at, char c) {
        char p = pattern.charAt(at);
        if (p == '?') {
            return at + 1;
        }
        int bracketEnd = p == '[' ? endOfBracket(pattern, at) : -1;
        if (bracketEnd > 0) {
            return inBracket(pattern, at + 1, bracketEnd, c) ? bracketEnd + 1 : -1;
        }
        boolean escaped = p == '\\' && at + 1 < pattern.length();
        int literal = escaped ? at + 1 : at;
        return pattern.charAt(literal) == c ? literal + 1 : -1;
    }

    private static boolean isNegation(String pattern, int at) {
        return at < pattern.length() && (pattern.charAt(at) == '!' || pattern.charAt(at) == '^');
    }

    /** The position of the closing bracket; a bracket that comes first is one of the characters. -1 without one. */
    private static int endOfBracket(String pattern, int open) {
        int first = isNegation(pattern, open + 1) ? open + 2 : open + 1;
        for (int i = first; i < pattern.length(); i++) {
            if (pattern.charAt(i) == '\\') {
                i++;
            } else if (pattern.charAt(i) == ']' && i > first) {
                return i;
            }
        }
        return -1;
    }

    private static boolean inBracket(String pattern, int start, int end, char c) {
        boolean negated = isNegation(pattern, start);
        boolean found = false;
        int i = negated ? start + 1 : start;
        while (i < end) {
            if (pattern.charAt(i) == '\\' && i + 1 < end) {
                i++;
            }
            char low = pattern.charAt(i);
            if (i + 2 < end && pattern.charAt(i + 1) == '-') {
                found |= c >= low && c <= pattern.charAt(i + 2);
                i += 3;
            } else {
                found |= c == low;
                i++;
            }
        }
        return found != negated;
    }
}
