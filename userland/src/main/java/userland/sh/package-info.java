// SPDX-License-Identifier: Apache-2.0
/**
 * The shell, a user program like any other: text becomes tokens ({@link userland.sh.Lexer}), tokens a tree ({@link userland.sh.Parser}), words
 * fields ({@link userland.sh.Expander}), and the tree processes ({@link userland.sh.Interpreter}) by fork, exec, wait, pipe and dup. Runs in
 * user mode.
 */
package userland.sh;
