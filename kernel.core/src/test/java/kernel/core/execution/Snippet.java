// SPDX-License-Identifier: Apache-2.0
package kernel.core.execution;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Driver code compiled while a test runs: to see what the compiler refuses, and to have code that is not the kernel's own. */
final class Snippet {
    /** Its class, in a package where drivers live. */
    static final String CLASS = "drivers.snippet.Snippet";

    private static final String HEAD = """
            package drivers.snippet;
            import kernel.api.context.*;
            import kernel.api.file.*;
            import kernel.api.interrupt.*;
            import kernel.api.lock.*;
            import kernel.api.wait.*;
            public class Snippet {
            """;

    private final String source;
    private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();
    private final DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();

    /** @param members of the class, each line a line of the source */
    Snippet(String members) {
        source = HEAD + members + "}\n";
    }

    /** The number of the first line with that text. */
    long lineOf(String text) {
        return 1
                + source.substring(0, source.indexOf(text))
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }

    /** Compiles it and answers the errors, none when it compiles. */
    List<Diagnostic<? extends JavaFileObject>> errors() {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, null, null)) {
            JavaFileObject file =
                    new SimpleJavaFileObject(
                            URI.create("string:///drivers/snippet/Snippet.java"), JavaFileObject.Kind.SOURCE) {
                        @Override
                        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                            return source;
                        }
                    };
            List<String> options = List.of("-proc:none", "-classpath", System.getProperty("java.class.path"));
            compiler.getTask(null, new MemoryFiles(files), diagnostics, options, null, List.of(file))
                    .call();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        List<Diagnostic<? extends JavaFileObject>> errors = new ArrayList<>(diagnostics.getDiagnostics());
        errors.removeIf(diagnostic -> diagnostic.getKind() != Diagnostic.Kind.ERROR);
        return errors;
    }

    /** Compiles and loads it, and answers an instance. */
    Object instance() {
        if (!errors().isEmpty()) {
            throw new AssertionError(diagnostics.getDiagnostics().toString());
        }
        ClassLoader loader = new ClassLoader(Snippet.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                ByteArrayOutputStream code = classes.get(name);
                if (code == null) {
                    throw new ClassNotFoundException(name);
                }
                return defineClass(name, code.toByteArray(), 0, code.size());
            }
        };
        try {
            return loader.loadClass(CLASS).getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private final class MemoryFiles extends ForwardingJavaFileManager<JavaFileManager> {
        MemoryFiles(JavaFileManager manager) {
            super(manager);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            ByteArrayOutputStream code = new ByteArrayOutputStream();
            classes.put(className, code);
            return new SimpleJavaFileObject(URI.create("memory:///" + className.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return code;
                }
            };
        }
    }
}
