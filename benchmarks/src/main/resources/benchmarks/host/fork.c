// SPDX-License-Identifier: Apache-2.0
// Creates and reaps processes on demand: for each count that it reads it forks that many children, one after the other, which exit at
// once, and answers with a byte. A fork from within a JVM would copy the page tables of all of its memory; this copies next to nothing, the
// best case of the host.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  int count;
  while (read(0, &count, sizeof count) == sizeof count) {
    for (int i = 0; i < count; i++) {
      pid_t child = fork();
      if (child == 0) {
        _exit(0);
      }
      if (child < 0 || waitpid(child, NULL, 0) != child) {
        perror("fork");
        return 1;
      }
    }
    if (write(1, "", 1) != 1) {
      return 1;
    }
  }
  return 0;
}
