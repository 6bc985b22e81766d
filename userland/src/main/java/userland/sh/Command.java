// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.List;

/** The tree of a shell program. It never changes, so that parent and child of a fork can share it. */
sealed interface Command {
    /** {@code NAME=value ... word ... <file}. */
    record Simple(List<Assignment> assignments, List<Word> words, List<Redirection> redirections) implements Command {}

    /** A simple command that is a program, with its words expanded already; only the interpreter makes these. */
    record Prepared(Simple simple, List<String> arguments) implements Command {}

    /** {@code a | b | c}, perhaps behind an exclamation mark. */
    record Pipeline(List<Command> commands, boolean negated, String text) implements Command {}

    /** {@code left && right} or {@code left || right}. */
    record AndOr(Command left, boolean and, Command right) implements Command {}

    /** Commands one after the other. */
    record Sequence(List<Item> items) implements Command {}

    /** {@code time command}. */
    record Timed(Command command) implements Command {}

    /** {@code if ... then ... elif ... else ... fi}; the alternative is null when there is none. */
    record If(Sequence condition, Sequence consequence, Command alternative) implements Command {}

    /** {@code while} or, negated, {@code until}. */
    record While(Sequence condition, boolean until, Sequence body) implements Command {}

    /** {@code for name in words}; words are null when it goes over the positional parameters. */
    record For(String name, List<Word> words, Sequence body) implements Command {}

    /** {@code case word in ... esac}. */
    record Case(Word word, List<Branch> branches) implements Command {}

    /** {@code { list; }}. */
    record Group(Sequence body) implements Command {}

    /** {@code ( list )}. */
    record Subshell(Sequence body) implements Command {}

    /** {@code name() command}. */
    record Function(String name, Command body) implements Command {}

    /** A compound command with redirections behind it. */
    record Redirected(Command command, List<Redirection> redirections) implements Command {}

    /** An element of a sequence; the text is what the job table shows. */
    record Item(Command command, boolean background, String text) {}

    /** {@code NAME=value}. */
    record Assignment(String name, Word value) {}

    /** {@code pattern | pattern) list ;;}. */
    record Branch(List<Word> patterns, Sequence body) {}
}
