// SPDX-License-Identifier: Apache-2.0
package hardware.hostsocket;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** The file of a unix socket: there as long as somebody listens, and no longer. */
final class SocketFile {
    private final Path path;
    private final Object key;

    private SocketFile(Path path, Object key) {
        this.path = path;
        this.key = key;
    }

    /**
     * Makes way for a new one: what somebody left behind who listens no more is removed.
     *
     * @throws IOException somebody listens there, or it is no socket at all
     */
    static void makeWay(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException("File exists, and is no socket");
        }
        if (somebodyListens(path)) {
            throw new IOException("Address already in use");
        }
        Files.delete(path);
    }

    /** Does not wait: a listener whose queue is full is one, too. */
    private static boolean somebodyListens(Path path) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (IOException e) {
            return false; // Connection refused: it is stale.
        }
    }

    /** Notes the file that has just been made. */
    static SocketFile made(Path path) throws IOException {
        return new SocketFile(path, key(path));
    }

    /** Removes it, unless somebody has put another one in its place. */
    void remove() throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && key.equals(key(path))) {
            Files.delete(path);
        }
    }

    private static Object key(Path path) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.fileKey();
    }
}
