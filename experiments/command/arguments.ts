import { InvalidArgumentError, Option } from 'commander';

/** Numbers of images travel to the device as i32. */
const LARGEST = 2 ** 31 - 1;

/** Reads a whole number of a command line, from `least` up. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= LARGEST) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${LARGEST}.`);
  };
}

/** `--device`, as every command has it. */
export function deviceOption(): Option {
  return new Option('--device <kind>', 'what computes; auto: a GPU, else the CPU')
    .choices(['auto', 'webgpu', 'wasm'])
    .default('auto');
}
