// Training on several machines at once: the third entry, `wgrad/distributed`, for Node alone.

import './methods.ts';

export { type MpiOptions, mpi } from './distributed/mpi.ts';
export { World } from './distributed/world.ts';
