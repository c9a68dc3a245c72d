// Loaded ahead of another program, it hands over the code with which the rank ends: mpirun's own may be another.
import { handOver } from './hand-over.ts';

process.on('exit', (code) => {
  handOver({ rank: Number(process.env.PMI_RANK), code });
});
