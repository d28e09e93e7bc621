import { fsyncSync } from 'node:fs';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import type { EmbeddedWorkerData, ToWorker } from './embedded-engine.ts';

// The embedded PostgreSQL, in a thread of its own: it takes the client's bytes of the PostgreSQL protocol and answers with bytes.

/** The file system with the one call that PGlite leaves out: a checkpoint's data files really reach the disk. */
class DurableNodeFS extends NodeFS {
  readonly #count: Int32Array;

  constructor(directory: string, count: Int32Array) {
    super(directory);
    this.#count = count;
  }

  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const result = await super.init(...args);
    const options = result.emscriptenOpts;
    options.preRun = [...(options.preRun ?? []), (module: unknown) => this.#syncFiles(module)];
    return result;
  }

  #syncFiles(module: unknown): void {
    const { NODEFS } = module as { NODEFS: { stream_ops: Record<string, unknown> } };
    NODEFS.stream_ops['fsync'] = (stream: { nfd?: number }) => {
      if (stream.nfd !== undefined) {
        fsyncSync(stream.nfd);
        Atomics.add(this.#count, 0, 1);
      }
      return 0;
    };
  }
}

/**
 * Opens the database so that a committed transaction survives a power cut: the write-ahead log is written with O_SYNC, and
 * fsync is on (PGlite turns it off by `-F` and has no hook for it; both measured, and kept by `embedded-engine.test.ts`).
 */
function open(data: EmbeddedWorkerData): Promise<PGlite> {
  if (data.directory === undefined) {
    return PGlite.create();
  }
  return PGlite.create({
    fs: new DurableNodeFS(data.directory, new Int32Array(data.fsyncCount)),
    startParams: [
      ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
      '-c',
      'wal_sync_method=open_datasync',
    ],
  });
}

async function serve(port: MessagePort, data: EmbeddedWorkerData): Promise<void> {
  const engine = await open(data);
  let last: Promise<unknown> = Promise.resolve();
  port.on('message', (message: ToWorker) => {
    last = last.then(async () => {
      if (message.kind === 'close') {
        await engine.close();
        port.close();
        return;
      }
      const answer = await engine.execProtocolRaw(message.bytes);
      port.postMessage(answer);
    });
    // A failure of the engine itself (not of a statement) ends the thread: the process learns of it at once.
    last.catch((error) => setImmediate(() => Promise.reject(error)));
  });
  port.postMessage('ready');
}

if (parentPort) {
  await serve(parentPort, workerData as EmbeddedWorkerData);
}
