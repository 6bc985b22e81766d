// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParserTest {
    /** The tree in a notation of its own: operators first, in parentheses; quoted text between single quotes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "a b c                          ~ [a b c]",
                "  a   b   # comment            ~ [a b]",
                "a#b                            ~ [a#b]",
                "'a b' \"c d\" e\\ f            ~ ['a b' 'c d' e' 'f]",
                "\"a$x\\$y\"                    ~ ['a'\"$x\"'$y']",
                "$x ${y} ${#z} ${a:-b c}        ~ [$x $y ${length z} ${a:-b c}]",
                "$1$2x$?${10}                   ~ [$1$2x$?$10]",
                "a$ $                           ~ [a$ $]",
                "x=1 y=$z cmd x=2               ~ [x=1 y=$z | cmd x=2]",
                "x=                             ~ [x= |]",
                "1x=2                           ~ [1x=2]",
                "a; b & c                       ~ [a]; [b]& [c]",
                "a | b | c                      ~ (pipe [a] [b] [c])",
                "! a | b                        ~ (not (pipe [a] [b]))",
                "a && b || c                    ~ (or (and [a] [b]) [c])",
                "a && ! b                       ~ (and [a] (not [b]))",
                "time a | b                     ~ (time (pipe [a] [b]))",
                "a >f 2>>g <h 2>&1 <>i 0<&-     ~ [a 1>f 2>>g 0<h 2>&1 0<>i 0>&-]",
                "a 2 >f                         ~ [a 2 1>f]",
                "(a; b)                         ~ (sub [a]; [b])",
                "{ a; }>f                       ~ (to {[a]} 1>f)",
                "if a; then b; fi               ~ (if [a] [b])",
                "if a; then b; else c; fi       ~ (if [a] [b] [c])",
                "if a; then b; elif c; then d; else e; fi ~ (if [a] [b] (if [c] [d] [e]))",
                "while a; do b; done            ~ (while [a] [b])",
                "until a; do b; done            ~ (until [a] [b])",
                "for x in a b; do c; done       ~ (for x [a b] [c])",
                "for x; do c; done              ~ (for x [c])",
                "case $x in a|b) c;; *) d; esac ~ (case $x (a|b [c]) (* [d]))",
                "case x in (a) ;; esac          ~ (case x (a ))",
                "f() { a; }                     ~ (function f {[a]})",
                "echo if then fi } {            ~ [echo if then fi } {]",
                "echo $(a | b; c)d              ~ [echo $((pipe [a] [b]); [c])d]",
                "echo `a \\`b\\``               ~ [echo $([a $([b])])]",
                "echo $((1 + (2*$x)))           ~ [echo $(('1 + (2*'\"$x\"')'))]",
                "a &&                           ~ ERROR near end of file: line 1",
                "a | | b                        ~ ERROR near '|': line 1",
                "if a; then; fi                 ~ ERROR near ';': line 1",
                "fi                             ~ ERROR near 'fi': line 1",
                "for 1 in a; do b; done         ~ ERROR near '1': line 1",
                "a )                            ~ ERROR near ')': line 1",
                "( )                            ~ ERROR near ')': line 1",
                "a >                            ~ ERROR near end of file: line 1",
                "'a                             ~ ERROR near end of file, looking for a single quote: line 1",
                "${x                            ~ ERROR near '${': bad substitution: line 1",
                "${}                            ~ ERROR near '${': line 1",
            })
    void textBecomesATree(String text, String tree) {
        if (tree.startsWith("ERROR ")) {
            assertThatThrownBy(() -> parse(text.strip()))
                    .isInstanceOf(SyntaxError.class)
                    .hasMessage("syntax error " + tree.substring("ERROR ".length()));
        } else {
            assertThat(render(parse(text.strip()))).isEqualTo(tree);
        }
    }

    @Test
    void hereDocumentsAreReadBehindTheLineThatNamesThem() {
        assertThat(render(parse("""
                cat <<A <<-'B'; echo next
                x=$x \\$y "q"
                A
                \t\ttabs $z
                \tB
                """))).isEqualTo("[cat 0<<('x='\"$x\"' $y \"q\"\\n') 0<<('tabs $z\\n')]; [echo next]");
    }

    @Test
    void aCommandAsksForAnotherLineOnlyWhenItIsNotComplete() {
        List<Boolean> continued = new ArrayList<>();
        Iterator<String> lines = List.of("a b\n", "if x\n", "then y;\n", "fi; c \\\n", "d\n", "e")
                .iterator();
        Parser parser = new Parser(new Lexer(more -> {
            continued.add(more);
            return lines.hasNext() ? lines.next() : null;
        }));
        assertThat(render(parser.commandLine())).isEqualTo("[a b]");
        assertThat(continued).containsExactly(false);
        assertThat(render(parser.commandLine())).isEqualTo("(if [x] [y]); [c d]");
        assertThat(continued).containsExactly(false, false, true, true, true);
        assertThat(render(parser.commandLine())).isEqualTo("[e]");
        assertThat(parser.commandLine()).isNull();
    }

    @Test
    void mistakesNameTheirLine() {
        assertThatThrownBy(() -> {
                    Parser parser = new Parser(new Lexer(LineSource.of("a\n\nif b\nthen )\n")));
                    parser.commandLine();
                    parser.commandLine();
                })
                .hasMessage("syntax error near ')': line 4");
    }

    @Test
    void aJobKnowsItsText() {
        Command.Sequence line = parse("sleep  5 | cat -n & (a;\nb) &");
        assertThat(line.items()).extracting(Command.Item::text).containsExactly("sleep  5 | cat -n", "(a;\nb)");
        assertThat(line.items()).allMatch(Command.Item::background);
    }

    private static Command.Sequence parse(String text) {
        return new Parser(new Lexer(LineSource.of(text))).commandLine();
    }

    private static String render(Command command) {
        return switch (command) {
            case Command.Sequence sequence -> {
                StringBuilder text = new StringBuilder();
                for (Command.Item item : sequence.items()) {
                    text.append(text.isEmpty() ? "" : text.charAt(text.length() - 1) == '&' ? " " : "; ");
                    text.append(render(item.command())).append(item.background() ? "&" : "");
                }
                yield text.toString();
            }
            case Command.Pipeline pipeline -> {
                String inner = pipeline.commands().size() == 1
                        ? render(pipeline.commands().getFirst())
                        : list("pipe", pipeline.commands().toArray());
                yield pipeline.negated() ? "(not " + inner + ")" : inner;
            }
            case Command.AndOr andOr -> list(andOr.and() ? "and" : "or", andOr.left(), andOr.right());
            case Command.Timed timed -> list("time", timed.command());
            case Command.Simple simple -> simple(simple);
            case Command.Prepared prepared -> prepared.arguments().toString();
            case Command.If choice ->
                choice.alternative() == null
                        ? list("if", choice.condition(), choice.consequence())
                        : list("if", choice.condition(), choice.consequence(), choice.alternative());
            case Command.While loop -> list(loop.until() ? "until" : "while", loop.condition(), loop.body());
            case Command.For loop ->
                loop.words() == null
                        ? list("for " + loop.name(), loop.body())
                        : list("for " + loop.name(), "[" + words(loop.words(), " ") + "]", loop.body());
            case Command.Case choice -> {
                List<Object> branches = new ArrayList<>();
                choice.branches()
                        .forEach(b -> branches.add("(" + words(b.patterns(), "|") + " " + render(b.body()) + ")"));
                yield list("case " + word(choice.word()), branches.toArray());
            }
            case Command.Group group -> "{" + render(group.body()) + "}";
            case Command.Subshell subshell -> list("sub", subshell.body());
            case Command.Function function -> list("function " + function.name(), function.body());
            case Command.Redirected redirected ->
                "(to " + render(redirected.command()) + " " + redirections(redirected.redirections()) + ")";
        };
    }

    private static String list(String operator, Object... operands) {
        StringBuilder text = new StringBuilder("(" + operator);
        for (Object operand : operands) {
            text.append(' ').append(operand instanceof Command command ? render(command) : operand);
        }
        return text + ")";
    }

    private static String simple(Command.Simple simple) {
        List<String> parts = new ArrayList<>();
        simple.assignments().forEach(a -> parts.add(a.name() + "=" + word(a.value())));
        if (!parts.isEmpty()) {
            parts.add("|");
        }
        simple.words().forEach(word -> parts.add(word(word)));
        if (!simple.redirections().isEmpty()) {
            parts.add(redirections(simple.redirections()));
        }
        return "[" + String.join(" ", parts) + "]";
    }

    private static String redirections(List<Redirection> redirections) {
        return String.join(
                " ", redirections.stream().map(ParserTest::redirection).toList());
    }

    private static String redirection(Redirection redirection) {
        String operator = switch (redirection.kind()) {
            case READ -> "<";
            case WRITE -> ">";
            case APPEND -> ">>";
            case READ_WRITE -> "<>";
            case DUPLICATE -> ">&";
            case HERE -> "<<";
        };
        String target = redirection.kind() == Redirection.Kind.HERE
                ? "(" + word(redirection.document().body()).replace("\n", "\\n") + ")"
                : word(redirection.target());
        return redirection.fd() + operator + target;
    }

    private static String words(List<Word> words, String separator) {
        return String.join(separator, words.stream().map(ParserTest::word).toList());
    }

    private static String word(Word word) {
        StringBuilder text = new StringBuilder();
        word.parts().forEach(part -> text.append(part(part)));
        return text.toString();
    }

    private static String part(Word.Part part) {
        return switch (part) {
            case Word.Literal literal -> literal.quoted() ? "'" + literal.text() + "'" : literal.text();
            case Word.Parameter parameter -> {
                String name = parameter.operator().isEmpty()
                        ? "$" + parameter.name()
                        : parameter.argument() == null
                                ? "${" + parameter.operator() + " " + parameter.name() + "}"
                                : "${" + parameter.name() + parameter.operator() + word(parameter.argument()) + "}";
                yield parameter.quoted() ? "\"" + name + "\"" : name;
            }
            case Word.Substitution substitution -> "$(" + render(substitution.commands()) + ")";
            case Word.Arithmetic arithmetic -> "$((" + word(arithmetic.expression()) + "))";
        };
    }
}
