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
    private final TokenStream tokens;

    Parser(Lexer lexer) {
        this.lexer = lexer;
        this.tokens = new TokenStream(lexer);
    }

    /** The next command line with everything that belongs to it; null at the end of the text. */
    Command.Sequence commandLine() {
        tokens.startCommand();
        while (tokens.peek().type() == Token.Type.NEWLINE) {
            tokens.take();
            tokens.startCommand();
        }
        if (tokens.peek().type() == Token.Type.END) {
            return null;
        }
        Command.Sequence line = list(false);
        if (tokens.peek().type() != Token.Type.NEWLINE && tokens.peek().type() != Token.Type.END) {
            throw tokens.unexpected();
        }
        tokens.take();
        return line;
    }

    /** The whole text at once. */
    Command.Sequence program() {
        Command.Sequence program = list(true);
        if (tokens.peek().type() != Token.Type.END) {
            throw tokens.unexpected();
        }
        return program;
    }

    /** Behind {@code $(}, and the closing parenthesis too. */
    Command.Sequence substitution() {
        Command.Sequence commands = list(true);
        tokens.expectOperator(")");
        return commands;
    }

    /** Commands up to something that cannot begin one. With newlines: they separate commands, and do not end the list. */
    private Command.Sequence list(boolean newlines) {
        List<Command.Item> items = new ArrayList<>();
        while (true) {
            if (newlines) {
                tokens.skipNewlines();
            }
            if (endsList(tokens.peek())) {
                return new Command.Sequence(List.copyOf(items));
            }
            int start = tokens.peek().start();
            Command command = andOr();
            String text = tokens.textFrom(start).strip();
            boolean background = tokens.peek().isOperator("&");
            items.add(new Command.Item(command, background, text));
            if (background || tokens.peek().isOperator(";")) {
                tokens.take();
            } else if (!newlines || tokens.peek().type() != Token.Type.NEWLINE) {
                return new Command.Sequence(List.copyOf(items));
            }
        }
    }

    private static boolean endsList(Token token) {
        return switch (token.type()) {
            case END, NEWLINE -> true;
            case OPERATOR -> token.text().equals(")") || token.text().equals(";;");
            case WORD ->
                token.word().plainText() != null
                        && CLOSING.contains(token.word().plainText());
            case DESCRIPTOR -> false;
        };
    }

    private Command andOr() {
        Command left = pipeline();
        while (tokens.peek().isOperator("&&") || tokens.peek().isOperator("||")) {
            boolean and = tokens.take().isOperator("&&");
            tokens.skipNewlines();
            left = new Command.AndOr(left, and, pipeline());
        }
        return left;
    }

    private Command pipeline() {
        if (tokens.peek().isWord("time")) {
            tokens.take();
            return new Command.Timed(pipeline());
        }
        boolean negated = false;
        while (tokens.peek().isWord("!")) {
            tokens.take();
            negated = !negated;
        }
        int start = tokens.peek().start();
        List<Command> commands = new ArrayList<>();
        commands.add(command());
        while (tokens.peek().isOperator("|")) {
            tokens.take();
            tokens.skipNewlines();
            commands.add(command());
        }
        return new Command.Pipeline(List.copyOf(commands), negated, tokens.textFrom(start));
    }

    private Command command() {
        Token token = tokens.peek();
        if (token.isOperator("(")) {
            tokens.take();
            Command.Sequence body = nonEmptyList();
            tokens.expectOperator(")");
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
            throw tokens.unexpected();
        }
        tokens.take();
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
        tokens.expectWord("}");
        return new Command.Group(body);
    }

    private Command.If ifBehindKeyword() {
        Command.Sequence condition = nonEmptyList();
        tokens.expectWord("then");
        Command.Sequence consequence = nonEmptyList();
        Command alternative = null;
        if (tokens.peek().isWord("elif")) {
            tokens.take();
            return new Command.If(condition, consequence, ifBehindKeyword());
        }
        if (tokens.peek().isWord("else")) {
            tokens.take();
            alternative = nonEmptyList();
        }
        tokens.expectWord("fi");
        return new Command.If(condition, consequence, alternative);
    }

    private Command.For forBehindKeyword() {
        String name =
                tokens.peek().type() == Token.Type.WORD ? tokens.peek().word().plainText() : null;
        if (name == null || !WordReader.isName(name)) {
            throw tokens.unexpected();
        }
        tokens.take();
        tokens.skipNewlines();
        List<Word> words = null;
        if (tokens.peek().isWord("in")) {
            tokens.take();
            words = new ArrayList<>();
            while (tokens.peek().type() == Token.Type.WORD) {
                words.add(tokens.take().word());
            }
            words = List.copyOf(words);
        }
        if (tokens.peek().isOperator(";")) {
            tokens.take();
        }
        tokens.skipNewlines();
        return new Command.For(name, words, doGroup());
    }

    private Command.Case caseBehindKeyword() {
        Word word = tokens.expectAnyWord();
        tokens.skipNewlines();
        tokens.expectWord("in");
        tokens.skipNewlines();
        List<Command.Branch> branches = new ArrayList<>();
        while (!tokens.peek().isWord("esac")) {
            branches.add(branch());
            tokens.skipNewlines();
        }
        tokens.take();
        return new Command.Case(word, List.copyOf(branches));
    }

    private Command.Branch branch() {
        if (tokens.peek().isOperator("(")) {
            tokens.take();
        }
        List<Word> patterns = new ArrayList<>();
        patterns.add(tokens.expectAnyWord());
        while (tokens.peek().isOperator("|")) {
            tokens.take();
            patterns.add(tokens.expectAnyWord());
        }
        tokens.expectOperator(")");
        Command.Sequence body = list(true);
        if (tokens.peek().isOperator(";;")) {
            tokens.take();
        } else if (!tokens.peek().isWord("esac")) {
            throw tokens.unexpected();
        }
        return new Command.Branch(List.copyOf(patterns), body);
    }

    private Command.Sequence doGroup() {
        tokens.expectWord("do");
        Command.Sequence body = nonEmptyList();
        tokens.expectWord("done");
        return body;
    }

    private Command.Sequence nonEmptyList() {
        Command.Sequence list = list(true);
        if (list.items().isEmpty()) {
            throw tokens.unexpected();
        }
        return list;
    }

    private Command redirected(Command command) {
        List<Redirection> redirections = new ArrayList<>();
        while (isRedirection(tokens.peek())) {
            redirections.add(redirection());
        }
        return redirections.isEmpty() ? command : new Command.Redirected(command, List.copyOf(redirections));
    }

    private Command simple() {
        List<Command.Assignment> assignments = new ArrayList<>();
        List<Word> words = new ArrayList<>();
        List<Redirection> redirections = new ArrayList<>();
        while (true) {
            if (isRedirection(tokens.peek())) {
                redirections.add(redirection());
            } else if (tokens.peek().type() == Token.Type.WORD) {
                Word word = tokens.take().word();
                Command.Assignment assignment = words.isEmpty() ? assignment(word) : null;
                if (assignment == null) {
                    words.add(word);
                } else {
                    assignments.add(assignment);
                }
            } else if (tokens.peek().isOperator("(")
                    && words.size() == 1
                    && assignments.isEmpty()
                    && redirections.isEmpty()) {
                return function(words.getFirst().plainText());
            } else {
                break;
            }
        }
        if (words.isEmpty() && assignments.isEmpty() && redirections.isEmpty()) {
            throw tokens.unexpected();
        }
        return new Command.Simple(List.copyOf(assignments), List.copyOf(words), List.copyOf(redirections));
    }

    private Command function(String name) {
        if (name == null || !WordReader.isName(name)) {
            throw tokens.unexpected();
        }
        tokens.take();
        tokens.expectOperator(")");
        tokens.skipNewlines();
        return new Command.Function(name, command());
    }

    private static Command.Assignment assignment(Word word) {
        if (word.parts().isEmpty()
                || !(word.parts().getFirst() instanceof Word.Literal(String text, boolean quoted))
                || quoted) {
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
                || (token.type() == Token.Type.OPERATOR
                        && "<>".indexOf(token.text().charAt(0)) >= 0);
    }

    private Redirection redirection() {
        int number = -1;
        if (tokens.peek().type() == Token.Type.DESCRIPTOR) {
            String digits = tokens.take().text();
            number = digits.length() < 4 ? Integer.parseInt(digits) : Integer.MAX_VALUE;
        }
        String operator = tokens.take().text();
        Word target = tokens.expectAnyWord();
        int fd = number >= 0 ? number : operator.startsWith("<") ? 0 : 1;
        return switch (operator) {
            case "<" -> new Redirection(fd, Redirection.Kind.READ, target, null);
            case ">", ">|" -> new Redirection(fd, Redirection.Kind.WRITE, target, null);
            case ">>" -> new Redirection(fd, Redirection.Kind.APPEND, target, null);
            case "<>" -> new Redirection(fd, Redirection.Kind.READ_WRITE, target, null);
            case "<&", ">&" -> new Redirection(fd, Redirection.Kind.DUPLICATE, target, null);
            case "<<", "<<-" -> hereDocument(fd, operator.equals("<<-"), target);
            default -> throw tokens.unexpected();
        };
    }

    private Redirection hereDocument(int fd, boolean stripTabs, Word delimiter) {
        StringBuilder text = new StringBuilder();
        for (Word.Part part : delimiter.parts()) {
            if (!(part instanceof Word.Literal literal)) {
                throw lexer.error("here-document delimiter");
            }
            text.append(literal.text());
        }
        var document = new Redirection.HereDocument(text.toString(), stripTabs, !delimiter.isQuoted());
        lexer.expect(document);
        return new Redirection(fd, Redirection.Kind.HERE, null, document);
    }
}
