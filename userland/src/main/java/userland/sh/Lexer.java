// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes tokens of text. It takes a line from its source only when the ones before are used up, so that a prompt appears when, and only when, the
 * command is not complete.
 */
final class Lexer {
    static final int END = -1;
    private static final List<String> OPERATORS =
            List.of("&&", "||", ";;", "<<-", "<<", "<&", "<>", ">>", ">&", ">|", "<", ">", "(", ")", ";", "&", "|");

    private final LineSource source;
    private final List<Redirection.HereDocument> pendingDocuments = new ArrayList<>();
    /** The text of the command that is being read, from its first line on. */
    private final StringBuilder text = new StringBuilder();

    private int at;
    private int line = 1;
    private boolean begun;
    private boolean ended;

    Lexer(LineSource source) {
        this.source = source;
    }

    /** A new command begins here; what was read before is forgotten. */
    void startCommand() {
        text.delete(0, at);
        at = 0;
        begun = false;
    }

    /** Forgets the rest of the line, after a mistake in it. */
    void discardLine() {
        line += (int) text.substring(at).chars().filter(c -> c == '\n').count();
        text.setLength(0);
        at = 0;
        ended = false;
        pendingDocuments.clear();
    }

    int line() {
        return line;
    }

    /** The text between two positions of the command. */
    String text(int start, int end) {
        return text.substring(start, end);
    }

    /** The lines of this document follow the next newline. */
    void expect(Redirection.HereDocument document) {
        pendingDocuments.add(document);
    }

    Token next() {
        skipBlanks();
        int start = at;
        int startLine = line;
        int c = peek();
        if (c == END) {
            readDocuments();
            return new Token(Token.Type.END, null, "", startLine, start, start);
        }
        begun = true;
        if (c == '\n') {
            read();
            readDocuments();
            return new Token(Token.Type.NEWLINE, null, "\n", startLine, start, start + 1);
        }
        for (String operator : OPERATORS) {
            if (text.length() - at >= operator.length()
                    && text.substring(at, at + operator.length()).equals(operator)) {
                at += operator.length();
                return new Token(Token.Type.OPERATOR, null, operator, startLine, start, at);
            }
        }
        int digits = at;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        if (digits > at && digits < text.length() && "<>".indexOf(text.charAt(digits)) >= 0) {
            at = digits;
            return new Token(Token.Type.DESCRIPTOR, null, text.substring(start, at), startLine, start, at);
        }
        Word word = new WordReader(this).readWord();
        return new Token(Token.Type.WORD, word, "", startLine, start, at);
    }

    /** The next character, which stays; {@link #END} at the end. Takes another line if need be. */
    int peek() {
        while (at == text.length()) {
            if (ended) {
                return END;
            }
            String more = source.nextLine(begun);
            if (more == null) {
                ended = true;
                return END;
            }
            text.append(more);
        }
        return text.charAt(at);
    }

    /** The character behind the next one, if it is on the same line; {@link #END} otherwise. */
    int peekSecond() {
        return peek() != END && at + 1 < text.length() ? text.charAt(at + 1) : END;
    }

    int read() {
        int c = peek();
        if (c != END) {
            at++;
            if (c == '\n') {
                line++;
            }
        }
        return c;
    }

    SyntaxError error(String near) {
        return new SyntaxError(near, line);
    }

    /** A backslash in front of a newline joins two lines; takes both away. */
    boolean skipJoinedLine() {
        if (peek() == '\\' && peekSecond() == '\n') {
            read();
            read();
            return true;
        }
        return false;
    }

    private void skipBlanks() {
        while (true) {
            int c = peek();
            if (c == ' ' || c == '\t' || c == '\r') {
                read();
            } else if (c == '#') {
                while (peek() != '\n' && peek() != END) {
                    read();
                }
            } else if (!skipJoinedLine()) {
                return;
            }
        }
    }

    private void readDocuments() {
        for (Redirection.HereDocument document : List.copyOf(pendingDocuments)) {
            StringBuilder body = new StringBuilder();
            while (true) {
                StringBuilder read = new StringBuilder();
                int c = read();
                while (c != END && c != '\n') {
                    read.append((char) c);
                    c = read();
                }
                String content = document.stripTabs ? read.toString().replaceFirst("^\t+", "") : read.toString();
                if (content.equals(document.delimiter)) {
                    break;
                }
                if (c == END) {
                    throw error("here-document, which lacks its '" + document.delimiter + "'");
                }
                body.append(content).append('\n');
            }
            document.fill(
                    document.expand
                            ? new WordReader(new Lexer(LineSource.of(body.toString()))).readDocument()
                            : new Word(List.of(new Word.Literal(body.toString(), true))));
        }
        pendingDocuments.clear();
    }
}
