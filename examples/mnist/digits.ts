import { SingleBar } from 'cli-progress';
import { data } from 'wgrad';

/** As many digits as a network needs to learn them, in well under a second. */
const SYNTHETIC = { train: 12_000, test: 2_000 };

export interface DigitOptions {
  /** A folder with MNIST, `'synthetic'` for generated digits, or undefined to look for MNIST. */
  data?: string | undefined;
  /** Of the generated digits. */
  seed: number;
  /** Stops a download; its reason is what is thrown. */
  signal?: AbortSignal | undefined;
  /** Where a download may come from instead of the public mirrors. */
  mirrors?: readonly string[] | undefined;
  /** Whether to say nothing, since somebody else does. */
  isSilent?: boolean | undefined;
}

/**
 * The digits to train on: MNIST where it can be had, else generated ones, which is said on stderr.
 *
 * @throws DataError where a folder was asked for that lacks MNIST, or a file is wrong
 */
export async function loadDigits(options: DigitOptions): Promise<data.ImageDataset> {
  const { data: folder, seed, signal, mirrors, isSilent = false } = options;
  if (folder === 'synthetic') return data.syntheticDigits({ ...SYNTHETIC, seed });
  const progress = downloadProgress(process.stderr);
  try {
    return await data.loadMnist({
      data: folder,
      signal,
      mirrors,
      ...(isSilent ? {} : { onNotice: say, onProgress: progress.show }),
    });
  } catch (error) {
    progress.stop();
    if (!(error instanceof data.DownloadError)) throw error;
    if (!isSilent) say(substitution(error));
    return data.syntheticDigits({ ...SYNTHETIC, seed });
  } finally {
    progress.stop();
  }
}

function substitution(error: data.DownloadError): string {
  return (
    `${error.message}\n\n` +
    `MNIST cannot be had, so this run trains on ${SYNTHETIC.train} generated digits instead: its ` +
    'accuracy says nothing about MNIST. To train on the real data, put ' +
    'train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and ' +
    't10k-labels-idx1-ubyte.gz (with or without .gz) in a folder DIR ' +
    'and pass --data DIR, or put them in DIR/mnist and set WGRAD_DATA=DIR. ' +
    'With --data synthetic the generated digits are used without asking.\n'
  );
}

function say(message: string): void {
  process.stderr.write(`${message}\n`);
}

interface DownloadProgress {
  show(bytes: number, total: number): void;
  stop(): void;
}

/** A bar in a terminal, a line every quarter in a log. */
function downloadProgress(stream: NodeJS.WriteStream): DownloadProgress {
  return stream.isTTY ? progressBar(stream) : progressLines();
}

function progressBar(stream: NodeJS.WriteStream): DownloadProgress {
  const bar = new SingleBar({
    format: 'Downloading {bar} {percentage}% of {megabytes} MB, {eta_formatted} left',
    // Not a number, before there is a rate to guess by.
    formatTime: (eta) => (Number.isFinite(eta) ? `${eta} s` : 'some time'),
    barsize: 24,
    stream,
    hideCursor: true,
  });
  let started = false;
  return {
    show(bytes, total) {
      if (!started) bar.start(total, bytes, { megabytes: megabytes(total) });
      else bar.update(bytes);
      started = true;
    },
    stop() {
      if (started) bar.stop();
      started = false;
    },
  };
}

function progressLines(): DownloadProgress {
  let said = 0;
  return {
    show(bytes, total) {
      const quarter = Math.floor((4 * bytes) / total);
      if (quarter <= said) return;
      said = quarter;
      say(`Downloaded ${megabytes(bytes)} of ${megabytes(total)} MB`);
    },
    stop() {},
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
