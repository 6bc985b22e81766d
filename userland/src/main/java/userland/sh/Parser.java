// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes a tree of tokens, by recursive descent over the grammar of POSIX. It never looks past the newline that ends a command. */
final class Parser {
    /** Words that begin a compound command. */
    private static final Set<String> OPENING = Set.of("if", "while", "until", "for", "case", "{");
    /** Words that cannot begin a command, but end a list or stand inside of one. */
    private static final Set<String> CLOSING = Set.of("then", "elif", "else", "fi", "do", "done", "esac", "}");

    private final Lexer lexer;
    private Token lookahead;
    private int lastEnd;

    Parser(Lexer lexer) {
        this.lexer = lexer;
    }

    /** The next command line with everything that belongs to it; null at the end of the text. */
    Command.Sequence commandLine() {
        lookahead = null;
        lexer.startCommand();
        while (peek().type() == Token.Type.NEWLINE) {
            take();
            lexer.startCommand();
        }
        if (peek().type() == Token.Type.END) {
            return null;
        }
        Command.Sequence line = list(false);
        if (peek().type() != Token.Type.NEWLINE && peek().type() != Token.Type.END) {
            throw unexpected();
        }
        take();
        return line;
    }

    /** The whole text at once. */
    Command.Sequence program() {
        Command.Sequence program = list(true);
        if (peek().type() != Token.Type.END) {
            throw unexpected();
        }
        return program;
    }

    /** Behind {@code $(}, and the closing parenthesis too. */
    Command.Sequence substitution() {
        Command.Sequence commands = list(true);
        expectOperator(")");
        return commands;
    }

    /** Commands up to something that cannot begin one. With newlines: they separate commands, and do not end the list. */
    private Command.Sequence list(boolean newlines) {
        List<Command.Item> items = new ArrayList<>();
        while (true) {
            if (newlines) {
                skipNewlines();
            }
            if (endsList(peek())) {
                return new Command.Sequence(List.copyOf(items));
            }
            int start = peek().start();
            Command command = andOr();
            String text = lexer.text(start, lastEnd).strip();
            boolean background = peek().isOperator("&");
            items.add(new Command.Item(command, background, text));
            if (background || peek().isOperator(";")) {
                take();
            } else if (!newlines || peek().type() != Token.Type.NEWLINE) {
                return new Command.Sequence(List.copyOf(items));
            }
        }
    }

    private static boolean endsList(Token token) {
        return switch (token.type()) {
            case END, NEWLINE -> true;
            case OPERATOR -> token.text().equals(")") || token.text().equals(";;");
            case WORD -> token.word().plainText() != null && CLOSING.contains(token.word().plainText());
            case DESCRIPTOR -> false;
        };
    }

    private Command andOr() {
        Command left = pipeline();
        while (peek().isOperator("&&") || peek().isOperator("||")) {
            boolean and = take().isOperator("&&");
            skipNewlines();
            left = new Command.AndOr(left, and, pipeline());
        }
        return left;
    }

    private Command pipeline() {
        if (peek().isWord("time")) {
            take();
            return new Command.Timed(pipeline());
        }
        boolean negated = false;
        while (peek().isWord("!")) {
            take();
            negated = !negated;
        }
        int start = peek().start();
        List<Command> commands = new ArrayList<>();
        commands.add(command());
        while (peek().isOperator("|")) {
            take();
            skipNewlines();
            commands.add(command());
        }
        return new Command.Pipeline(List.copyOf(commands), negated, lexer.text(start, lastEnd));
    }

    private Command command() {
        Token token = peek();
        if (token.isOperator("(")) {
            take();
            Command.Sequence body = nonEmptyList();
            expectOperator(")");
            return redirected(new Command.Subshell(body));
        }
        String word = token.type() == Token.Type.WORD ? token.word().plainText() : null;
        if (word != null && (OPENING.contains(word) || CLOSING.contains(word) || word.equals("!"))) {
            return redirected(compound(word));
        }
        return simple();
    }

    private Command compound(String word) {
        if (!OPENING.contains(word)) {
            throw unexpected();
        }
        take();
        return switch (word) {
            case "if" -> ifBehindKeyword();
            case "for" -> forBehindKeyword();
            case "case" -> caseBehindKeyword();
            case "{" -> groupBehindBrace();
            default -> new Command.While(nonEmptyList(), word.equals("until"), doGroup());
        };
    }

    private Command.Group groupBehindBrace() {
        Command.Sequence body = nonEmptyList();
        expectWord("}");
        return new Command.Group(body);
    }

    private Command.If ifBehindKeyword() {
        Command.Sequence condition = nonEmptyList();
        expectWord("then");
        Command.Sequence consequence = nonEmptyList();
        Command alternative = null;
        if (peek().isWord("elif")) {
            take();
            return new Command.If(condition, consequence, ifBehindKeyword());
        }
        if (peek().isWord("else")) {
            take();
            alternative = nonEmptyList();
        }
        expectWord("fi");
        return new Command.If(condition, consequence, alternative);
    }

    private Command.For forBehindKeyword() {
        String name = peek().type() == Token.Type.WORD ? peek().word().plainText() : null;
        if (name == null || !WordReader.isName(name)) {
            throw unexpected();
        }
        take();
        skipNewlines();
        List<Word> words = null;
        if (peek().isWord("in")) {
            take();
            words = new ArrayList<>();
            while (peek().type() == Token.Type.WORD) {
                words.add(take().word());
            }
            words = List.copyOf(words);
        }
        if (peek().isOperator(";")) {
            take();
        }
        skipNewlines();
        return new Command.For(name, words, doGroup());
    }

    private Command.Case caseBehindKeyword() {
        Word word = expectAnyWord();
        skipNewlines();
        expectWord("in");
        skipNewlines();
        List<Command.Branch> branches = new ArrayList<>();
        while (!peek().isWord("esac")) {
            branches.add(branch());
            skipNewlines();
        }
        take();
        return new Command.Case(word, List.copyOf(branches));
    }

    private Command.Branch branch() {
        if (peek().isOperator("(")) {
            take();
        }
        List<Word> patterns = new ArrayList<>();
        patterns.add(expectAnyWord());
        while (peek().isOperator("|")) {
            take();
            patterns.add(expectAnyWord());
        }
        expectOperator(")");
        Command.Sequence body = list(true);
        if (peek().isOperator(";;")) {
            take();
        } else if (!peek().isWord("esac")) {
            throw unexpected();
        }
        return new Command.Branch(List.copyOf(patterns), body);
    }

    private Command.Sequence doGroup() {
        expectWord("do");
        Command.Sequence body = nonEmptyList();
        expectWord("done");
        return body;
    }

    private Command.Sequence nonEmptyList() {
        Command.Sequence list = list(true);
        if (list.items().isEmpty()) {
            throw unexpected();
        }
        return list;
    }

    private Command redirected(Command command) {
        List<Redirection> redirections = new ArrayList<>();
        while (isRedirection(peek())) {
            redirections.add(redirection());
        }
        return redirections.isEmpty() ? command : new Command.Redirected(command, List.copyOf(redirections));
    }

    private Command simple() {
        List<Command.Assignment> assignments = new ArrayList<>();
        List<Word> words = new ArrayList<>();
        List<Redirection> redirections = new ArrayList<>();
        while (true) {
            if (isRedirection(peek())) {
                redirections.add(redirection());
            } else if (peek().type() == Token.Type.WORD) {
                Word word = take().word();
                Command.Assignment assignment = words.isEmpty() ? assignment(word) : null;
                if (assignment == null) {
                    words.add(word);
                } else {
                    assignments.add(assignment);
                }
            } else if (peek().isOperator("(") && words.size() == 1 && assignments.isEmpty() && redirections.isEmpty()) {
                return function(words.getFirst().plainText());
            } else {
                break;
            }
        }
        if (words.isEmpty() && assignments.isEmpty() && redirections.isEmpty()) {
            throw unexpected();
        }
        return new Command.Simple(List.copyOf(assignments), List.copyOf(words), List.copyOf(redirections));
    }

    private Command function(String name) {
        if (name == null || !WordReader.isName(name)) {
            throw unexpected();
        }
        take();
        expectOperator(")");
        skipNewlines();
        return new Command.Function(name, command());
    }

    private static Command.Assignment assignment(Word word) {
        if (word.parts().isEmpty() || !(word.parts().getFirst() instanceof Word.Literal(String text, boolean quoted)) || quoted) {
            return null;
        }
        int equals = text.indexOf('=');
        if (equals < 0 || !WordReader.isName(text.substring(0, equals))) {
            return null;
        }
        List<Word.Part> value = new ArrayList<>(word.parts());
        value.set(0, new Word.Literal(text.substring(equals + 1), false));
        return new Command.Assignment(text.substring(0, equals), new Word(value));
    }

    private static boolean isRedirection(Token token) {
        return token.type() == Token.Type.DESCRIPTOR
                || (token.type() == Token.Type.OPERATOR && "<>".indexOf(token.text().charAt(0)) >= 0);
    }

    private Redirection redirection() {
        int number = -1;
        if (peek().type() == Token.Type.DESCRIPTOR) {
            String digits = take().text();
            number = digits.length() < 4 ? Integer.parseInt(digits) : Integer.MAX_VALUE;
        }
        String operator = take().text();
        Word target = expectAnyWord();
        int fd = number >= 0 ? number : operator.startsWith("<") ? 0 : 1;
        return switch (operator) {
            case "<" -> new Redirection(fd, Redirection.Kind.READ, target, null);
            case ">", ">|" -> new Redirection(fd, Redirection.Kind.WRITE, target, null);
            case ">>" -> new Redirection(fd, Redirection.Kind.APPEND, target, null);
            case "<>" -> new Redirection(fd, Redirection.Kind.READ_WRITE, target, null);
            case "<&", ">&" -> new Redirection(fd, Redirection.Kind.DUPLICATE, target, null);
            case "<<", "<<-" -> hereDocument(fd, operator.equals("<<-"), target);
            default -> throw unexpected();
        };
    }

    private Redirection hereDocument(int fd, boolean stripTabs, Word delimiter) {
        StringBuilder text = new StringBuilder();
        for (Word.Part part : delimiter.parts()) {
            if (!(part instanceof Word.Literal(String literal, _))) {
                throw lexer.error("here-document delimiter");
            }
            text.append(literal);
        }
        var document = new Redirection.HereDocument(text.toString(), stripTabs, !delimiter.isQuoted());
        lexer.expect(document);
        return new Redirection(fd, Redirection.Kind.HERE, null, document);
    }

    // ---- Tokens

    private Token peek() {
        if (lookahead == null) {
            lookahead = lexer.next();
        }
        return lookahead;
    }

    private Token take() {
        Token token = peek();
        lookahead = null;
        lastEnd = token.end();
        return token;
    }

    private void skipNewlines() {
        while (peek().type() == Token.Type.NEWLINE) {
            take();
        }
    }

    private Word expectAnyWord() {
        if (peek().type() != Token.Type.WORD) {
            throw unexpected();
        }
        return take().word();
    }

    private void expectWord(String word) {
        if (!peek().isWord(word)) {
            throw unexpected();
        }
        take();
    }

    private void expectOperator(String operator) {
        if (!peek().isOperator(operator)) {
            throw unexpected();
        }
        take();
    }

    private SyntaxError unexpected() {
        return new SyntaxError(peek().display(), peek().line());
    }
}
