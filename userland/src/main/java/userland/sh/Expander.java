// SPDX-License-Identifier: Apache-2.0
package userland.sh;

import java.util.ArrayList;
import java.util.List;

/** Puts values in the place of variables and substitutions, splits what was not quoted into fields, and finds the files for patterns. */
final class Expander {
    /** Runs commands and answers what they printed, without the newlines at the end. */
    @FunctionalInterface
    interface Substituter {
        String output(Command.Sequence commands);
    }

    private final ShellState state;
    private final PathExpansion paths;
    private final Substituter substituter;

    Expander(ShellState state, PathExpansion.Directories directories, Substituter substituter) {
        this.state = state;
        this.paths = new PathExpansion(directories);
        this.substituter = substituter;
    }

    /** The arguments that words become. */
    List<String> fields(List<Word> words) {
        List<String> arguments = new ArrayList<>();
        for (Word word : words) {
            FieldBuilder builder = new FieldBuilder(state.variables.separators());
            word.parts().forEach(part -> append(part, builder));
            for (FieldBuilder.Field field : builder.finish()) {
                List<String> found = Glob.isPattern(field.pattern()) ? paths.expand(field.pattern()) : List.of();
                if (found.isEmpty()) {
                    arguments.add(field.text());
                } else {
                    arguments.addAll(found);
                }
            }
        }
        return arguments;
    }

    /** The word as one text: neither split nor a pattern. */
    String text(Word word) {
        StringBuilder text = new StringBuilder();
        word.parts().forEach(part -> text.append(text(part)));
        return text.toString();
    }

    /** The word as a pattern: what was quoted stands for itself. */
    String pattern(Word word) {
        StringBuilder pattern = new StringBuilder();
        for (Word.Part part : word.parts()) {
            pattern.append(part.quoted() ? Glob.escape(text(part)) : text(part));
        }
        return pattern.toString();
    }

    /** The value of a variable or special parameter; null when it is not set. */
    String value(String name) {
        return switch (name) {
            case "?" -> Integer.toString(state.status);
            case "$" -> Integer.toString(state.pid);
            case "!" -> state.lastBackground == 0 ? "" : Integer.toString(state.lastBackground);
            case "#" -> Integer.toString(state.variables.positional().size());
            case "-" -> state.options();
            case "@" -> String.join(" ", state.variables.positional());
            case "*" -> joined();
            case "0" -> state.variables.name();
            default -> Character.isDigit(name.charAt(0)) ? positional(name) : state.variables.get(name);
        };
    }

    private String positional(String number) {
        List<String> parameters = state.variables.positional();
        int index = number.length() < 9 ? Integer.parseInt(number) : Integer.MAX_VALUE;
        return index <= parameters.size() ? parameters.get(index - 1) : null;
    }

    private String joined() {
        String separators = state.variables.separators();
        return String.join(separators.isEmpty() ? "" : separators.substring(0, 1), state.variables.positional());
    }

    private void append(Word.Part part, FieldBuilder builder) {
        switch (part) {
            case Word.Literal(String text, boolean quoted) -> builder.literal(text, quoted);
            case Word.Parameter parameter when isList(parameter) -> appendList(parameter, builder);
            case Word.Parameter parameter
            when !parameter.quoted() && isAlternative(parameter) ->
                parameter.argument().parts().forEach(argument -> appendArgument(argument, builder));
            default -> {
                String text = text(part);
                if (part.quoted()) {
                    builder.literal(text, true);
                } else {
                    builder.value(text);
                }
            }
        }
    }

    /** A part of the word behind {@code :-}: its unquoted text is split, for it is a value. */
    private void appendArgument(Word.Part part, FieldBuilder builder) {
        if (part instanceof Word.Literal(String text, boolean quoted) && !quoted) {
            builder.value(text);
        } else {
            append(part, builder);
        }
    }

    private static boolean isList(Word.Parameter parameter) {
        return parameter.operator().isEmpty()
                && (parameter.name().equals("@") || (parameter.name().equals("*") && !parameter.quoted()));
    }

    private void appendList(Word.Parameter parameter, FieldBuilder builder) {
        boolean first = true;
        for (String value : state.variables.positional()) {
            if (!first) {
                builder.endField();
            }
            first = false;
            if (parameter.quoted()) {
                builder.literal(value, true);
            } else {
                builder.value(value);
            }
        }
    }

    private String text(Word.Part part) {
        return switch (part) {
            case Word.Literal literal -> literal.text();
            case Word.Parameter parameter -> text(parameter);
            case Word.Substitution substitution -> substituter.output(substitution.commands());
            case Word.Arithmetic arithmetic ->
                Long.toString(Arithmetic.evaluate(text(arithmetic.expression()), this::value, state.variables::set));
        };
    }

    private String text(Word.Parameter parameter) {
        String value = value(parameter.name());
        String operator = parameter.operator();
        if (usesArgument(parameter)) {
            String argument = text(parameter.argument());
            if (operator.endsWith("=")) {
                assign(parameter.name(), argument);
            } else if (operator.endsWith("?")) {
                throw new ShellError(parameter.name() + ": " + (argument.isEmpty() ? "parameter not set" : argument));
            }
            return argument;
        }
        if (operator.endsWith("+")) {
            return "";
        }
        if (value == null) {
            if (state.refuseUnset) {
                throw new ShellError(parameter.name() + ": parameter not set");
            }
            return operator.equals("length") ? "0" : "";
        }
        return switch (operator) {
            case "length" -> Integer.toString(length(parameter.name(), value));
            case "#", "##", "%", "%%" -> trim(value, operator, pattern(parameter.argument()));
            default -> value;
        };
    }

    /** Whether the word behind the operator takes the place of the value. */
    private boolean usesArgument(Word.Parameter parameter) {
        String operator = parameter.operator();
        if (operator.isEmpty() || "-=?+".indexOf(operator.charAt(operator.length() - 1)) < 0) {
            return false;
        }
        String value = value(parameter.name());
        boolean missing = value == null || (operator.startsWith(":") && value.isEmpty());
        return operator.endsWith("+") != missing;
    }

    /** Whether the word behind {@code -} or {@code +} takes the place, as it is written, with its quotes. */
    private boolean isAlternative(Word.Parameter parameter) {
        String operator = parameter.operator();
        return (operator.endsWith("-") || operator.endsWith("+")) && usesArgument(parameter);
    }

    private void assign(String name, String value) {
        if (!WordReader.isName(name)) {
            throw new ShellError("$" + name + ": cannot assign in this way");
        }
        state.variables.set(name, value);
    }

    private int length(String name, String value) {
        boolean list = name.equals("@") || name.equals("*");
        return list ? state.variables.positional().size() : value.length();
    }

    /** Takes the shortest (or, doubled, the longest) match of a pattern from the start ({@code #}) or the end ({@code %}). */
    private static String trim(String value, String operator, String pattern) {
        boolean start = operator.startsWith("#");
        boolean longest = operator.length() == 2;
        for (int i = 0; i <= value.length(); i++) {
            int taken = longest ? value.length() - i : i;
            int split = start ? taken : value.length() - taken;
            if (Glob.matches(pattern, start ? value.substring(0, split) : value.substring(split))) {
                return start ? value.substring(split) : value.substring(0, split);
            }
        }
        return value;
    }
}
