// SPDX-License-Identifier: Apache-2.0
package kernel.core.osgi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A manifest header in OSGi's syntax: clauses with attributes and directives, values perhaps in quotes. */
final class ManifestHeader {
    /**
     * One clause.
     *
     * @param names what stands before the first attribute; several when separated by semicolons
     * @param attributes by name; of a directive the name ends in a colon
     */
    record Clause(List<String> names, Map<String, String> attributes) {
        String name() {
            return names.getFirst();
        }

        /** The attribute, or the empty string. */
        String attribute(String key) {
            return attributes.getOrDefault(key, "");
        }
    }

    private final String text;
    private int at;

    private ManifestHeader(String text) {
        this.text = text;
    }

    /** The clauses; none for null. */
    static List<Clause> parse(String header) {
        return header == null || header.isBlank() ? List.of() : new ManifestHeader(header).clauses();
    }

    private List<Clause> clauses() {
        List<Clause> clauses = new ArrayList<>();
        do {
            clauses.add(clause());
        } while (accept(','));
        return clauses;
    }

    private Clause clause() {
        List<String> names = new ArrayList<>();
        Map<String, String> attributes = new LinkedHashMap<>();
        do {
            String word = word();
            if (accept(':')) {
                word += ':';
            }
            if (accept('=')) {
                attributes.put(word, word());
            } else {
                names.add(word);
            }
        } while (accept(';'));
        return new Clause(names.isEmpty() ? List.of("") : names, attributes);
    }

    private boolean accept(char expected) {
        if (at < text.length() && text.charAt(at) == expected) {
            at++;
            return true;
        }
        return false;
    }

    private String word() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() && text.charAt(at) == '"' ? quoted() : plain();
    }

    private String plain() {
        int start = at;
        while (at < text.length() && ",;=".indexOf(text.charAt(at)) < 0 && !isDirective()) {
            at++;
        }
        return text.substring(start, at).strip();
    }

    /** At the colon of {@code :=}. */
    private boolean isDirective() {
        return text.startsWith(":=", at);
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        at++;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return value.toString();
    }
}
