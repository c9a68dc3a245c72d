import { Writer } from './writer.ts';

const I32 = 0x7f;

/** A module with the one function `run` and memory from outside, shared between threads or not. */
export function encodeModule(body: Writer, shared: boolean): Uint8Array<ArrayBuffer> {
  const out = new Writer();
  out.list([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  section(out, 1, (types) => {
    types.unsigned(1);
    types.list([0x60, 6, I32, I32, I32, I32, I32, I32, 0]);
  });
  section(out, 2, (imports) => {
    imports.unsigned(1);
    imports.name('env');
    imports.name('memory');
    imports.list([0x02, shared ? 0x03 : 0x01]); // a memory with a maximum
    imports.unsigned(1);
    imports.unsigned(65536);
  });
  section(out, 3, (functions) => functions.list([1, 0]));
  section(out, 7, (exports) => {
    exports.unsigned(1);
    exports.name('run');
    exports.list([0, 0]);
  });
  section(out, 10, (code) => {
    code.unsigned(1);
    code.sized(body);
  });
  return out.result();
}

function section(out: Writer, id: number, fill: (content: Writer) => void): void {
  const content = new Writer();
  fill(content);
  out.byte(id);
  out.sized(content);
}
