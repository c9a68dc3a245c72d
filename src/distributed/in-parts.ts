import type { Connection, Numbers } from './connection.ts';

/** The most that one call takes: MPI counts in an `int`. */
const MOST_BYTES = 2 ** 30;

/** A connection for arrays of any length, by one that takes so many bytes at a time. */
export function inParts(connection: Connection, most = MOST_BYTES): Connection {
  return {
    ...connection,
    async allReduce(values, how) {
      for (const part of partsOf(values, most)) await connection.allReduce(part, how);
    },
    sum(values) {
      const parts = partsOf(values, most).map((part) => connection.sum(part));
      return {
        // Each of them goes on when it is asked.
        isDone: () => parts.filter((part) => !part.isDone()).length === 0,
        async wait() {
          for (const part of parts) await part.wait();
        },
      };
    },
    async broadcast(bytes, from) {
      for (const part of partsOf(bytes, most)) await connection.broadcast(part, from);
    },
  };
}

/** At least one, which may be empty: ranks wait for each other in every call. */
function partsOf<Values extends Numbers>(values: Values, most: number): readonly Values[];
function partsOf(values: Numbers, most: number): readonly Numbers[] {
  const length = most / values.BYTES_PER_ELEMENT;
  const count = Math.max(1, Math.ceil(values.length / length));
  return Array.from({ length: count }, (_, i) => values.subarray(i * length, (i + 1) * length));
}
