// SPDX-License-Identifier: Apache-2.0
package userland.sh;

/** The tokens of a lexer with one of them looked at beforehand, and what a parser expects of them. */
final class TokenStream {
    private final Lexer lexer;
    private Token lookahead;
    private int lastEnd;

    TokenStream(Lexer lexer) {
        this.lexer = lexer;
    }

    /** A new command begins; what was looked at beforehand is forgotten. */
    void startCommand() {
        lookahead = null;
        lexer.startCommand();
    }

    /** The text of the command from a position to the end of the last token that was taken. */
    String textFrom(int start) {
        return lexer.text(start, lastEnd);
    }

    Token peek() {
        if (lookahead == null) {
            lookahead = lexer.next();
        }
        return lookahead;
    }

    Token take() {
        Token token = peek();
        lookahead = null;
        lastEnd = token.end();
        return token;
    }

    void skipNewlines() {
        while (peek().type() == Token.Type.NEWLINE) {
            take();
        }
    }

    Word expectAnyWord() {
        if (peek().type() != Token.Type.WORD) {
            throw unexpected();
        }
        return take().word();
    }

    void expectWord(String word) {
        if (!peek().isWord(word)) {
            throw unexpected();
        }
        take();
    }

    void expectOperator(String operator) {
        if (!peek().isOperator(operator)) {
            throw unexpected();
        }
        take();
    }

    SyntaxError unexpected() {
        return new SyntaxError(peek().display(), peek().line());
    }
}
