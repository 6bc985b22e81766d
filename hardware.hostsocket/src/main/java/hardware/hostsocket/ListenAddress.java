// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Where to listen: {@code unix:PATH} or {@code tcp:ADDRESS:PORT}.
 *
 * @param text as it was given
 * @param socket of the host
 */
record ListenAddress(String text, SocketAddress socket) {
    /** What fits into struct sockaddr_un beside its final zero. */
    static final int PATH_BYTES_MAX = 107;

    private static final String UNIX = "unix:";
    private static final String TCP = "tcp:";
    private static final int PORT_MAX = 65_535;

    /**
     * Takes an address apart.
     *
     * @param any whether an address that other machines can reach is fine, too
     * @throws IllegalArgumentException it is none; the message says why
     */
    static ListenAddress parse(String text, boolean any) {
        if (text.startsWith(UNIX)) {
            return new ListenAddress(text, unix(text.substring(UNIX.length())));
        }
        if (text.startsWith(TCP)) {
            return new ListenAddress(text, tcp(text.substring(TCP.length()), any));
        }
        throw new IllegalArgumentException("listen is unix:PATH or tcp:ADDRESS:PORT, not '" + text + "'");
    }

    private static SocketAddress unix(String path) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("listen=unix: has no path");
        }
        int bytes = path.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > PATH_BYTES_MAX) {
            throw new IllegalArgumentException("the path of a socket has at most %d bytes, not %d: File name too long"
                    .formatted(PATH_BYTES_MAX, bytes));
        }
        try {
            return UnixDomainSocketAddress.of(Path.of(path));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + path + "' is no path: " + e.getReason(), e);
        }
    }

    private static SocketAddress tcp(String text, boolean any) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        InetAddress address = address(host);
        if (!any && !address.isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "other machines can reach " + host + ": only with any=1, else tcp:127.0.0.1:PORT");
        }
        return new InetSocketAddress(address, port(colon < 0 ? "" : text.substring(colon + 1)));
    }

    /** No name is looked up: that would ask the network. */
    private static InetAddress address(String host) {
        if (host.equals("localhost")) {
            return InetAddress.getLoopbackAddress();
        }
        String literal = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        try {
            return InetAddress.ofLiteral(literal);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + host + "' is no IP address: tcp:127.0.0.1:PORT", e);
        }
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= PORT_MAX) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Told below, in the words of who typed it.
        }
        throw new IllegalArgumentException("a TCP port is a number from 0 to %d, not '%s'".formatted(PORT_MAX, text));
    }
}
