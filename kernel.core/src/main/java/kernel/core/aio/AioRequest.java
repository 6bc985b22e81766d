// SPDX-License-Identifier: Apache-2.0
package kernel.core.aio;

import static kernel.uapi.Errno.ENODEV;

import kernel.api.context.Context;
import kernel.api.context.ProcessContext;
import kernel.core.execution.WorkQueue;
import kernel.core.fs.AsynchronousFile.End;
import kernel.core.fs.FileDescription;

/** One operation of an asynchronous context, from its submission until its event is there (Linux: struct aio_kiocb). Used again. */
final class AioRequest implements End {
    private final AioContext owner;
    private final WorkQueue.Item last;
    private final WorkQueue.Item sync;
    private FileDescription file;
    private FileDescription eventFile;
    private boolean dataOnly;

    private long data;
    private long iocb;
    private long result;
    /** The next one in the list that it is in. */
    AioRequest next;

    AioRequest(AioContext owner) {
        this.owner = owner;
        last = owner.newWork("aio_fput", this::closeInProcessContext);
        sync = owner.newWork("aio_fsync", this::syncInProcessContext);
    }

    /** @param signalled an open eventfd that is told of the end, or null */
    void prepare(long iocbAddress, long userData, FileDescription ofFile, FileDescription signalled) {
        iocb = iocbAddress;
        data = userData;
        file = ofFile;
        eventFile = signalled;
    }

    /** It did not begin: nothing of it remains. */
    void dismiss(ProcessContext context) {
        file.put(context);
        file = null;
        if (eventFile != null) {
            eventFile.put(context);
            eventFile = null;
        }
    }

    /** Begins an fsync, which a worker waits for. */
    void beginSync(Context context, boolean ofData) {
        dataOnly = ofData;
        sync.queue(context);
    }

    private void syncInProcessContext(ProcessContext context) {
        boolean there = file.device() == null || file.device().enter();
        int error = -ENODEV;
        if (there) {
            try {
                error = file.operations().sync(context, file, dataOnly);
            } finally {
                if (file.device() != null) {
                    file.device().exit();
                }
            }
        }
        ended(context, error);
    }

    @Override
    public void ended(Context context, long outcome) {
        result = outcome;
        // Whoever has the last reference closes the file, which only a worker can do from here.
        if (file.putUnlessLast()) {
            file = null;
            tell(context);
        } else {
            last.queue(context);
        }
    }

    private void closeInProcessContext(ProcessContext context) {
        if (file != null) {
            file.put(context);
            file = null;
            tell(context);
        } else {
            eventFile.put(context);
            eventFile = null;
            owner.forget(context, this);
        }
    }

    /** First there is an event, then somebody is told of it. */
    private void tell(Context context) {
        owner.addEvent(context, data, iocb, result);
        FileDescription told = eventFile;
        if (told == null) {
            owner.forget(context, this);
            return;
        }
        ((EventFile) told.operations()).signal(context);
        if (told.putUnlessLast()) {
            eventFile = null;
            owner.forget(context, this);
        } else {
            last.queue(context);
        }
    }
}
