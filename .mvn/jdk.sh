# SPDX-License-Identifier: Apache-2.0
# Sourced by mvnw: runs Maven itself on a JDK 25 or newer, wherever `java` points to. The build would find that JDK as a
# toolchain anyhow, but the formatter and the static analysis are javac inside Maven's own JVM, and javac 17 cannot
# parse Java 25. UBEND_JDKS, if it is set, is the one folder to look for JDKs in instead of the usual ones.

ubend_jdk_is_new_enough() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  ubend_jdk_version=$(sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$1/release")
  [ "${ubend_jdk_version:-0}" -ge 25 ]
}

ubend_find_jdk() {
  ubend_javac=$(command -v javac || true)
  [ -z "$ubend_javac" ] || ubend_javac=$(readlink -f "$ubend_javac" 2>/dev/null || printf '%s' "$ubend_javac")
  set +f
  if [ -n "${UBEND_JDKS:-}" ]; then
    set -- "$UBEND_JDKS"/*
  else
    set -- /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /Library/Java/JavaVirtualMachines/*/Contents/Home \
      "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/*
  fi
  for ubend_jdk in "${JAVA_HOME:-}" "${JAVA_HOME_25_X64:-}" "${ubend_javac%/bin/javac}" "$@"; do
    if ubend_jdk_is_new_enough "$ubend_jdk"; then
      set -f
      return 0
    fi
  done
  set -f
  return 1
}

if ubend_find_jdk; then
  export JAVA_HOME="$ubend_jdk"
  export MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}"
else
  echo "U-Bend needs a JDK 25 or newer and found none: install one (for instance Temurin 25, https://adoptium.net) or set JAVA_HOME to it." >&2
  exit 1
fi
