import '../../../src/tensor/methods.ts';
import { rmSync } from 'node:fs';
import crc32 from 'crc-32';
import sharp from 'sharp';
import { imageFolder } from '../../../src/data/files/image-folder.ts';
import { asProgram, type Reader } from './fuzz.ts';
import { type Chance, damaged } from './mutations.ts';
import { ScratchFile } from './scratch-file.ts';

const [WIDTH, HEIGHT] = [9, 7];
const pixels = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * 37) & 255);
const picture = () => sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
const files = await Promise.all([
  picture().png().toBuffer(),
  picture().png({ progressive: true }).toBuffer(),
  picture().png({ palette: true }).toBuffer(),
  picture().toColourspace('rgb16').png().toBuffer(),
  picture().ensureAlpha(0.5).png().toBuffer(),
  picture().jpeg().toBuffer(),
  picture().jpeg({ progressive: true }).toBuffer(),
  picture().toColourspace('cmyk').jpeg().toBuffer(),
  picture().webp().toBuffer(),
  picture().gif().toBuffer(),
  picture().tiff().toBuffer(),
]);
const file = new ScratchFile('class', 'a.png');

/** A PNG's chunks with their checksums made right again, so that what is in them is looked at. */
function withChecksums(png: Uint8Array): Uint8Array {
  const bytes = Buffer.from(png);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (end + 4 > bytes.length) break;
    bytes.writeUInt32BE(crc32.buf(bytes.subarray(at + 4, end)) >>> 0, end);
    at = end + 4;
  }
  return bytes;
}

function input(chance: Chance): Uint8Array {
  const whole = chance.pick(files);
  const bytes = damaged(whole, chance.pick(files), chance);
  return whole[0] === 0x89 && chance.below(3) > 0 ? withChecksums(bytes) : bytes;
}

export const pictures: Reader = {
  name: 'pictures',
  input,
  async read(input) {
    file.write(input);
    const set = await imageFolder(file.folder, { height: 4, width: 5 });
    const { inputs } = await set.get(Int32Array.of(0));
    const values = await inputs.data();
    if (!values.every((value) => value >= 0 && value <= 1)) throw new Error(`${values}`);
  },
  end: async () => rmSync(file.folder, { recursive: true, force: true }),
};

await asProgram(import.meta, pictures);
