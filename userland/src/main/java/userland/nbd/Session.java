// SPDX-License-Identifier: Apache-2.0
package userland.nbd;

import userland.libc.Libc;

/** Serves one client after the other, with memory that is taken once. */
public final class Session {
    private final Libc libc;
    private final Export export;
    private final Disk disk;
    private final Buffers buffers;
    private final Zeroes zeroes;
    private final long inputBuffer;
    private final long outputBuffer;

    public Session(Libc libc, Export export, Disk disk) {
        this.libc = libc;
        this.export = export;
        this.disk = disk;
        buffers = new Buffers(libc);
        zeroes = new Zeroes(libc.processor());
        inputBuffer = libc.mmap(Input.CAPACITY);
        outputBuffer = libc.mmap(Output.CAPACITY);
    }

    /**
     * Serves a client to its end.
     *
     * @throws ConnectionLost it has gone without waiting for its answers, or does not speak the protocol
     */
    public void serve(Connection connection) {
        Input input = new Input(libc.processor(), connection, inputBuffer);
        Output output = new Output(libc.processor(), connection, outputBuffer);
        Agreement agreement = new Negotiation(input, output, export, disk).run();
        if (agreement != null) {
            boolean readOnly = export.readOnly() || disk.isReadOnly();
            new Transmission(libc.processor(), input, output, disk, agreement, readOnly, buffers, zeroes)
                    .run(connection);
        }
    }
}
