// Lets a program end as others do where nobody reads on (`| head -1`), without a stack trace.
import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) for (const stream of [process.stdout, process.stderr]) endWithReader(stream);

/** What a program does that listens itself is its own affair. */
function endWithReader(stream) {
  stream.on('error', (error) => {
    if (stream.listenerCount('error') > 1) return;
    if (error.code !== 'EPIPE') throw error;
    process.exit(128 + constants.signals.SIGPIPE);
  });
}
