import { messageOf } from '../cause.ts';
import { DistributedError } from '../errors.ts';
import { loadPackage } from '../optional-package.ts';
import type { Numbers, Reduction } from './connection.ts';

/** The kinds of MPI there are; Intel's and MVAPICH's are of MPICH's. */
export type MpiKind = 'MPICH' | 'Open MPI';

/** What each kind's library is called, under Linux and macOS. */
const FILES: Readonly<Record<MpiKind, readonly string[]>> = {
  MPICH: ['libmpich.so.12', 'libmpi.so.12', 'libmpi.12.dylib'],
  'Open MPI': ['libmpi.so.40', 'libmpi.40.dylib'],
};

type Handle = number | unknown;

/** What a kind calls communicator, dtypes, operations and the arguments that say "none". */
interface Handles {
  /** How they are passed, in C. */
  readonly type: 'int' | 'void *';
  readonly world: Handle;
  readonly dtypes: {
    readonly f32: Handle;
    readonly f64: Handle;
    readonly i32: Handle;
    readonly u8: Handle;
  };
  readonly reductions: Readonly<Record<Reduction, Handle>>;
  readonly inPlace: bigint;
  readonly ignoreStatus: bigint;
}

/** MPICH numbers them: the common ABI of its family. */
const NUMBERED: Handles = {
  type: 'int',
  world: 0x44000000,
  dtypes: { f32: 0x4c00040a, f64: 0x4c00080b, i32: 0x4c000405, u8: 0x4c00010d },
  reductions: { max: 0x58000001, min: 0x58000002, sum: 0x58000003 },
  inPlace: -1n,
  ignoreStatus: 1n,
};

/** Open MPI has a structure for each, whose address is looked up. */
function addressed(symbol: (name: string) => unknown): Handles {
  return {
    type: 'void *',
    world: symbol('ompi_mpi_comm_world'),
    dtypes: {
      f32: symbol('ompi_mpi_float'),
      f64: symbol('ompi_mpi_double'),
      i32: symbol('ompi_mpi_int'),
      u8: symbol('ompi_mpi_byte'),
    },
    reductions: {
      max: symbol('ompi_mpi_op_max'),
      min: symbol('ompi_mpi_op_min'),
      sum: symbol('ompi_mpi_op_sum'),
    },
    inPlace: 1n,
    ignoreStatus: 0n,
  };
}

/** So long the launcher may take to end this rank when it is asked to end all. */
const ABORT_SECONDS = 5;

/** Whether a call that has begun has ended, on this rank. */
export type IsDone = () => boolean;

/** The few calls of MPI that training needs. */
export interface MpiLibrary {
  readonly name: string;
  /** Its kind, version and what it was built with, in its own words. */
  description(): string;
  initialise(): { readonly rank: number; readonly size: number };
  allReduce(values: Numbers, how: Reduction): IsDone;
  broadcast(bytes: Uint8Array, from: number): IsDone;
  /** Whether all ranks have come to their ends, as this one has. */
  awaitEnds(): IsDone;
  /** Ends MPI, when all have. */
  finalize(): void;
  abort(code: number): void;
}

/**
 * Loads the library of the wanted kind, or a file by its name.
 * @throws DistributedError where it cannot be loaded, MissingPackageError without the package koffi
 */
export async function loadMpi(wanted: MpiKind | undefined, file?: string): Promise<MpiLibrary> {
  const { default: koffi } = await loadPackage('koffi', 'to call MPI', () => import('koffi'));
  const names = file ? [file] : wanted ? FILES[wanted] : Object.values(FILES).flat();
  const failures: string[] = [];
  for (const name of names) {
    try {
      // Open MPI loads parts of itself that look for its symbols among everybody's.
      return boundTo(koffi.load(name, { global: true }), name);
    } catch (cause) {
      failures.push(messageOf(cause));
    }
  }
  throw new DistributedError(
    `There is no library of ${file ? `that name, WGRAD_MPI=${file}` : (wanted ?? 'MPI')}: ${failures.join('; ')}. ` +
      'Install it (Debian: mpich), or name its file by WGRAD_MPI.',
  );
}

/** A shared library with functions of C. */
interface Library {
  func(declaration: string): (...given: unknown[]) => unknown;
  symbol(name: string, type: string): unknown;
}

function boundTo(library: Library, name: string): MpiLibrary {
  const handles = handlesOf(library);
  const { world, dtypes, reductions, type } = handles;
  const call = (declaration: string) => {
    const bound = library.func(`int ${declaration}`);
    return (...given: unknown[]) => {
      const code = bound(...given);
      if (code === 0) return;
      throw new DistributedError(
        `${/^\w+/.exec(declaration)} of ${name} failed with code ${code}.`,
      );
    };
  };
  const initialise = call('MPI_Init(void *, void *)');
  const number = {
    rank: call(`MPI_Comm_rank(${type}, void *)`),
    size: call(`MPI_Comm_size(${type}, void *)`),
  };
  const reduce = call(`MPI_Iallreduce(intptr_t, void *, int, ${type}, ${type}, ${type}, void *)`);
  const send = call(`MPI_Ibcast(void *, int, ${type}, int, ${type}, void *)`);
  const duplicate = call(`MPI_Comm_dup(${type}, void *)`);
  const wait = call(`MPI_Ibarrier(${type}, void *)`);
  const test = call('MPI_Test(void *, void *, intptr_t)');
  const finalize = call('MPI_Finalize()');
  const version = call('MPI_Get_library_version(void *, void *)');
  const abort = call(`MPI_Abort(${type}, int)`);
  const endIn = library.func('unsigned int alarm(unsigned int)');

  /** Begins a call, whose memory must stay where it is until it has ended. */
  const begun = (
    values: Numbers,
    begin: (memory: Uint8Array, request: BigInt64Array) => void,
  ): IsDone => {
    // Whoever has asked for its buffer has an array that the garbage collector does not move.
    const memory = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const request = new BigInt64Array(new ArrayBuffer(8));
    const flag = new Int32Array(new ArrayBuffer(4));
    begin(memory, request);
    return () => {
      test(request, flag, handles.ignoreStatus);
      return flag[0] !== 0 && memory.length === values.byteLength;
    };
  };
  /** A communicator of its own, lest a rank that ends early be taken for one that adds up. */
  const ends = new BigInt64Array(1);
  return {
    name,
    description() {
      const [text, length] = [new Uint8Array(8192), new Int32Array(1)];
      version(text, length);
      return new TextDecoder().decode(text.subarray(0, length[0]));
    },
    initialise() {
      initialise(null, null);
      const [rank, size] = [new Int32Array(1), new Int32Array(1)];
      number.rank(world, rank);
      number.size(world, size);
      duplicate(world, ends);
      return { rank: rank[0] as number, size: size[0] as number };
    },
    allReduce: (values, how) =>
      begun(values, (memory, request) => {
        const [dtype, op] = [dtypes[dtypeOf(values)], reductions[how]];
        reduce(handles.inPlace, memory, values.length, dtype, op, world, request);
      }),
    broadcast: (bytes, from) =>
      begun(bytes, (memory, request) =>
        send(memory, bytes.length, dtypes.u8, from, world, request),
      ),
    awaitEnds: () =>
      begun(new Uint8Array(0), (_, request) =>
        wait(type === 'int' ? Number(BigInt.asIntN(32, ends[0] as bigint)) : ends[0], request),
      ),
    finalize: () => finalize(),
    abort(code) {
      // A host that is cut off from the launcher would wait for its answer for ever.
      endIn(ABORT_SECONDS);
      abort(world, code);
    },
  };
}

function handlesOf(library: Library): Handles {
  try {
    return addressed((name) => library.symbol(name, 'char'));
  } catch {
    return NUMBERED;
  }
}

function dtypeOf(values: Numbers): keyof Handles['dtypes'] {
  if (values instanceof Float32Array) return 'f32';
  if (values instanceof Float64Array) return 'f64';
  return values instanceof Int32Array ? 'i32' : 'u8';
}
