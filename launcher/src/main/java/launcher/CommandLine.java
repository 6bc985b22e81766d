// SPDX-License-Identifier: Apache-2.0
package launcher;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import kernel.core.control.BootParameters;

/**
 * What the user asked for.
 *
 * @param answer text to print instead of booting, or null
 * @param parameters of the kernel, as on Linux's command line
 * @param shellArguments what /bin/sh is given; empty for a prompt
 * @param gosh whether the framework's own shell is wanted instead of /bin/sh
 * @param bundles to add before anything runs: makers of devices, programs
 * @param traceFile where the trace goes, or null
 * @param hash whether the hash of the trace is printed at the end
 */
record CommandLine(
        String answer,
        List<String> parameters,
        List<String> shellArguments,
        boolean gosh,
        List<Path> bundles,
        Path traceFile,
        boolean hash) {
    static final String USAGE = """
            Usage: ubend [OPTION]... [PARAMETER=VALUE]... [FILE [ARGUMENT]...]
              or:  ubend [OPTION]... [PARAMETER=VALUE]... -c COMMANDS [OPTION]... [PARAMETER=VALUE]... [NAME [ARGUMENT]...]
            Boots a Unix-like kernel and gives you a prompt, or runs the commands of FILE or of standard input.

              -c COMMANDS        run the commands and exit with the status of the last one
                  --bundle FILE  add a bundle of your own, with devices or programs; may be repeated
                  --cpus N       number of processors, 1 to 64 (default 2)
                  --deterministic
                                 virtual time: the same seed gives the same run, step by step
                  --seed N       the seed; includes --deterministic
                  --trace FILE   write what happened to FILE, in the shape of Linux's ftrace
                  --hash         print the hash of the trace at the end
                  --gosh         the prompt of the OSGi framework instead of /bin/sh
              -h, --help         this text
              -V, --version      the version

            Parameters of the kernel:
            """ + BootParameters.HELP + """

            Try:  ubend -c 'modprobe tempsensor; head -n 1 /dev/tempsensor'
                  ubend -c 'modprobe tempsensor; ubend head -n 1 /dev/tempsensor'
            """;

    /** @throws UsageException when it makes no sense */
    static CommandLine parse(String... arguments) throws UsageException {
        return new Parser(List.of(arguments)).parse();
    }

    private static final class Parser {
        private final Iterator<String> rest;
        private final List<String> parameters = new ArrayList<>();
        private final List<String> shellArguments = new ArrayList<>();
        private boolean shellArgumentsFollow;
        private boolean gosh;
        private final List<Path> bundles = new ArrayList<>();
        private Path traceFile;
        private boolean hash;

        Parser(List<String> arguments) {
            rest = arguments.iterator();
        }

        CommandLine parse() throws UsageException {
            while (rest.hasNext() && !shellArgumentsFollow) {
                String argument = rest.next();
                int equals = argument.indexOf('=');
                boolean splits = argument.startsWith("--") && equals > 0;
                String name = splits ? argument.substring(0, equals) : argument;
                String value = splits ? argument.substring(equals + 1) : null;
                switch (name) {
                    case "-h", "--help" -> {
                        return answer(USAGE);
                    }
                    case "-V", "--version" -> {
                        return answer("U-Bend " + Version.text() + System.lineSeparator());
                    }
                    case "-c" -> commands(value(name, value));
                    case "--" -> shellArgumentsFollow = true;
                    case "--bundle" -> bundles.add(Path.of(value(name, value)).toAbsolutePath());
                    case "--cpus" -> parameters.add("cpus=" + value(name, value));
                    case "--seed" -> parameters.add("seed=" + value(name, value));
                    case "--trace" -> traceFile = Path.of(value(name, value)).toAbsolutePath();
                    case "--deterministic" -> parameters.add(flag("deterministic", value));
                    case "--hash" -> hash = flag("hash", value) != null;
                    case "--gosh" -> gosh = flag("gosh", value) != null;
                    default -> word(argument);
                }
            }
            if (shellArguments.isEmpty() && rest.hasNext()) {
                script(rest.next());
            }
            rest.forEachRemaining(shellArguments::add);
            checkParameters();
            return new CommandLine(
                    null,
                    List.copyOf(parameters),
                    List.copyOf(shellArguments),
                    gosh,
                    List.copyOf(bundles),
                    traceFile,
                    hash);
        }

        private void commands(String text) throws UsageException {
            if (!shellArguments.isEmpty()) {
                throw new UsageException("option '-c' is given twice");
            }
            shellArguments.addAll(List.of("-c", text));
        }

        /** The first word that is neither option nor parameter is a script or, after -c, the name that the commands run under. */
        private void word(String argument) throws UsageException {
            if (argument.startsWith("-") && argument.length() > 1) {
                throw new UsageException("unrecognized option '" + argument + "'");
            }
            if (argument.matches("[a-z_][a-z0-9_.-]*=.*") || BootParameters.isFlag(argument)) {
                parameters.add(argument);
                return;
            }
            shellArgumentsFollow = true;
            if (shellArguments.isEmpty()) {
                script(argument);
            } else {
                shellArguments.add(argument);
            }
        }

        /** A script is a file of the host: its text becomes an argument of the shell, so that programs can read standard input. */
        private void script(String file) throws UsageException {
            try {
                shellArguments.addAll(List.of("-c", Files.readString(Path.of(file), StandardCharsets.UTF_8), file));
            } catch (IOException e) {
                throw new UsageException("cannot read " + file + ": " + reason(e));
            }
        }

        /** The exceptions that say nothing but the name say it by their type. */
        private static String reason(IOException exception) {
            return switch (exception) {
                case NoSuchFileException _ -> "No such file or directory";
                case AccessDeniedException _ -> "Permission denied";
                case CharacterCodingException _ -> "it is no text in UTF-8";
                default -> String.valueOf(exception.getMessage());
            };
        }

        private String value(String option, String attached) throws UsageException {
            if (attached != null) {
                return attached;
            }
            if (!rest.hasNext()) {
                throw new UsageException("option '" + option + "' requires an argument");
            }
            return rest.next();
        }

        private static String flag(String name, String value) throws UsageException {
            if (value != null) {
                throw new UsageException("option '--" + name + "' takes no argument");
            }
            return name;
        }

        private void checkParameters() throws UsageException {
            if (parameters.isEmpty()) {
                return;
            }
            try {
                BootParameters.parse(parameters);
            } catch (IllegalArgumentException e) {
                throw new UsageException(e.getMessage());
            }
        }

        private static CommandLine answer(String text) {
            return new CommandLine(text, List.of(), List.of(), false, List.of(), null, false);
        }
    }
}
