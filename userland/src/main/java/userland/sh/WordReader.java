// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Reads one word: its quotes, variables and substitutions. */
final class WordReader {
    private static final String WORD_END = " \t\r\n|&;<>()";
    private static final String SPECIAL_PARAMETERS = "?$!#@*-";
    /** The longer ones first. */
    private static final List<String> OPERATORS =
            List.of(":-", ":=", ":+", ":?", "##", "%%", "-", "=", "+", "?", "#", "%");

    private final Lexer lexer;
    private final List<Word.Part> parts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();

    WordReader(Lexer lexer) {
        this.lexer = lexer;
    }

    /** A word up to a blank or an operator. */
    Word readWord() {
        return readUnquoted(c -> WORD_END.indexOf(c) >= 0);
    }

    /** A here-document whose delimiter was not quoted: like double quotes, but a double quote is nothing special. */
    Word readDocument() {
        readQuoted(c -> c == Lexer.END, false);
        return finish();
    }

    private Word readUnquoted(IntPredicate isEnd) {
        while (true) {
            int c = lexer.peek();
            if (c == Lexer.END || isEnd.test(c)) {
                return finish();
            }
            if (lexer.skipJoinedLine()) {
                continue;
            }
            lexer.read();
            switch (c) {
                case '\\' -> {
                    int escaped = lexer.read();
                    addLiteral(false);
                    parts.add(new Word.Literal(escaped == Lexer.END ? "\\" : Character.toString(escaped), true));
                }
                case '\'' -> readSingleQuotes();
                case '"' -> readDoubleQuotes();
                case '$' -> readDollar(false);
                case '`' -> readBackquotes(false);
                default -> literal.append((char) c);
            }
        }
    }

    private void readSingleQuotes() {
        addLiteral(false);
        for (int c = lexer.read(); c != '\''; c = lexer.read()) {
            if (c == Lexer.END) {
                throw lexer.error("end of file, looking for a single quote");
            }
            literal.append((char) c);
        }
        parts.add(new Word.Literal(take(), true));
    }

    private void readDoubleQuotes() {
        addLiteral(false);
        int before = parts.size();
        readQuoted(c -> c == '"', true);
        lexer.read();
        if (parts.size() == before) {
            parts.add(new Word.Literal("", true));
        }
    }

    /** Reads up to the end, which stays, as between double quotes; a double quote that is not the end begins an inner text. */
    private void readQuoted(IntPredicate isEnd, boolean quoteIsSpecial) {
        while (true) {
            int c = lexer.peek();
            if (isEnd.test(c)) {
                addLiteral(true);
                return;
            }
            if (c == Lexer.END) {
                throw lexer.error("end of file, looking for a double quote");
            }
            if (lexer.skipJoinedLine()) {
                continue;
            }
            lexer.read();
            if (c == '\\' && isEscapable(lexer.peek(), quoteIsSpecial)) {
                literal.append((char) lexer.read());
            } else if (c == '$') {
                readDollar(true);
            } else if (c == '`') {
                readBackquotes(true);
            } else if (c == '"' && quoteIsSpecial) {
                readDoubleQuotes();
            } else {
                literal.append((char) c);
            }
        }
    }

    private static boolean isEscapable(int c, boolean quoteIsSpecial) {
        return c == '$' || c == '`' || c == '\\' || (c == '"' && quoteIsSpecial);
    }

    /** Behind a dollar sign. */
    private void readDollar(boolean quoted) {
        int c = lexer.peek();
        if (c == '(') {
            lexer.read();
            addLiteral(quoted);
            if (lexer.peek() == '(') {
                lexer.read();
                parts.add(new Word.Arithmetic(new WordReader(lexer).readArithmetic(), quoted));
            } else {
                parts.add(new Word.Substitution(new Parser(lexer).substitution(), quoted));
            }
        } else if (c == '{') {
            lexer.read();
            addLiteral(quoted);
            parts.add(readBraces(quoted));
        } else if (isNameStart(c)) {
            addLiteral(quoted);
            parts.add(new Word.Parameter(readName(), "", null, quoted));
        } else if (c != Lexer.END && (SPECIAL_PARAMETERS.indexOf(c) >= 0 || Character.isDigit(c))) {
            lexer.read();
            addLiteral(quoted);
            parts.add(new Word.Parameter(Character.toString(c), "", null, quoted));
        } else {
            literal.append('$');
        }
    }

    /** Behind a dollar sign and the opening brace. */
    private Word.Parameter readBraces(boolean quoted) {
        boolean length = lexer.peek() == '#' && lexer.peekSecond() != '}';
        if (length) {
            lexer.read();
        }
        String name;
        int c = lexer.peek();
        if (isNameStart(c)) {
            name = readName();
        } else if (Character.isDigit(c)) {
            StringBuilder digits = new StringBuilder();
            while (Character.isDigit(lexer.peek())) {
                digits.append((char) lexer.read());
            }
            name = digits.toString();
        } else if (c != Lexer.END && SPECIAL_PARAMETERS.indexOf(c) >= 0) {
            lexer.read();
            name = Character.toString(c);
        } else {
            throw lexer.error("'${'");
        }
        if (length || lexer.peek() == '}') {
            expect('}');
            return new Word.Parameter(name, length ? "length" : "", null, quoted);
        }
        String operator = readOperator();
        WordReader argument = new WordReader(lexer);
        Word word;
        // Double quotes around it all do not quote a pattern.
        if (quoted && "#%".indexOf(operator.charAt(0)) < 0) {
            argument.readQuoted(end -> end == '}', true);
            word = argument.finish();
        } else {
            word = argument.readUnquoted(end -> end == '}');
        }
        expect('}');
        return new Word.Parameter(name, operator, word, quoted);
    }

    private String readOperator() {
        for (String operator : OPERATORS) {
            boolean one = lexer.peek() == operator.charAt(0);
            if (one && (operator.length() == 1 || lexer.peekSecond() == operator.charAt(1))) {
                for (int i = 0; i < operator.length(); i++) {
                    lexer.read();
                }
                return operator;
            }
        }
        throw lexer.error("'${': bad substitution");
    }

    /** Behind {@code $((}, up to the two parentheses that match. */
    private Word readArithmetic() {
        int depth = 0;
        while (true) {
            int c = lexer.read();
            if (c == Lexer.END) {
                throw lexer.error("end of file, looking for '))'");
            }
            if (c == ')' && depth == 0) {
                expect(')');
                addLiteral(true);
                return finish();
            }
            if (c == '$') {
                readDollar(true);
                continue;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            literal.append((char) c);
        }
    }

    /** Behind a backquote: the old way to write {@code $( )}, with backslashes to be taken out before it is read. */
    private void readBackquotes(boolean quoted) {
        addLiteral(quoted);
        StringBuilder commands = new StringBuilder();
        for (int c = lexer.read(); c != '`'; c = lexer.read()) {
            if (c == Lexer.END) {
                throw lexer.error("end of file, looking for a backquote");
            }
            boolean escape = c == '\\' && isEscapable(lexer.peek(), quoted);
            commands.append((char) (escape ? lexer.read() : c));
        }
        Parser parser = new Parser(new Lexer(LineSource.of(commands.toString())));
        parts.add(new Word.Substitution(parser.program(), quoted));
    }

    private void expect(char wanted) {
        int c = lexer.read();
        if (c != wanted) {
            throw lexer.error(c == Lexer.END ? "end of file, looking for '" + wanted + "'" : "'" + (char) c + "'");
        }
    }

    private String readName() {
        StringBuilder name = new StringBuilder();
        while (isNameStart(lexer.peek()) || Character.isDigit(lexer.peek())) {
            name.append((char) lexer.read());
        }
        return name.toString();
    }

    private static boolean isNameStart(int c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** Whether it can be the name of a variable. */
    static boolean isName(String text) {
        return !text.isEmpty()
                && isNameStart(text.charAt(0))
                && text.chars().allMatch(c -> isNameStart(c) || Character.isDigit(c));
    }

    private void addLiteral(boolean quoted) {
        if (!literal.isEmpty()) {
            parts.add(new Word.Literal(take(), quoted));
        }
    }

    private String take() {
        String text = literal.toString();
        literal.setLength(0);
        return text;
    }

    private Word finish() {
        addLiteral(false);
        return new Word(parts);
    }
}
