import sharp from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, ShapeError } from '../../../src/errors.ts';
import * as report from '../../../src/report/index.ts';
import { everyPicture, FASHION } from './examples.ts';

const test = suite('pictures');

/** The texts of an SVG in their order, unescaped. */
function texts(svg: string): string[] {
  const found = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);
  return found.map((text) =>
    text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&'),
  );
}

/** Each example with its SVG in the light theme. */
const drawn: { name: string; picture: report.Picture; svg: string }[] = [];

test.before(async () => {
  for (const [name, picture] of Object.entries(await everyPicture())) {
    drawn.push({ name, picture, svg: await report.toSvg(picture) });
    const { narrow } = picture;
    if (!narrow) continue;
    drawn.push({ name: `${name}, narrow`, picture: narrow, svg: await report.toSvg(narrow) });
  }
});

/** What must hold for every SVG, in either theme. */
async function assertStandsAlone(svg: string, { width, height }: report.Picture, name: string) {
  const found = await sharp(Buffer.from(svg)).metadata();
  assert.equal([found.format, found.width, found.height], ['svg', width, height], name);
  assert.not.match(svg, /NaN|undefined"|Infinity|\[object/, name);
  assert.not.match(svg, /<script|<style|class=|https?:\/\/(?!www\.w3\.org)/, name);
}

test('every picture is valid SVG by itself, of its size', async () => {
  for (const { name, picture, svg } of drawn) {
    await assertStandsAlone(svg, picture, name);
    assert.ok(svg.includes(report.themes.light.background), name);
    const { channels } = await sharp(Buffer.from(svg)).stats();
    assert.ok(
      channels.some(({ stdev }) => stdev > 1),
      `${name} is blank`,
    );
  }
});

test('the dark theme draws the same texts on another background', async () => {
  for (const { name, picture, svg } of drawn) {
    const dark = await report.toSvg(picture, 'dark');
    await assertStandsAlone(dark, picture, name);
    assert.ok(dark.includes(report.themes.dark.background), name);
    assert.equal(texts(dark), texts(svg), name);
  }
});

test('the same picture gives the same bytes, whatever was drawn before', async () => {
  const all = Object.values(await everyPicture());
  const again = all.flatMap((picture) => [picture, picture.narrow ?? []].flat()).reverse();
  const svgs = await Promise.all(again.map((picture) => report.toSvg(picture)));
  assert.equal(
    svgs.reverse(),
    drawn.map(({ svg }) => svg),
  );
});

test('on a phone, 328 pixels wide, texts are of 11 pixels or more', () => {
  const whole = ['curves', 'sweep', 'roc', 'f1', 'samples', 'filters', 'one epoch'];
  for (const name of whole) {
    const { picture, svg } = drawn.find((one) => one.name === `${name}, narrow`)!;
    const sizes = [...svg.matchAll(/font-size:([\d.]+)px/g)].map(([, size]) => Number(size));
    const least = Math.min(13, ...sizes) * Math.min(1, 328 / picture.width);
    // The longest names of the example have no room: those are scrolled.
    assert.ok(least >= (name === 'curves' ? 10 : 11), `${name}: ${least}`);
  }
});

test('every text begins within its picture', () => {
  const text = /<text[^>]* transform="translate\(([\d.-]+) ([\d.-]+)\)"[^>]*>([^<]*)/g;
  for (const { name, picture, svg } of drawn) {
    for (const [, x, y, content] of svg.matchAll(text)) {
      const inside = +x! >= 0 && +x! <= picture.width && +y! >= 0 && +y! <= picture.height;
      assert.ok(inside, `${name}: "${content}" at ${x}, ${y}`);
    }
  }
});

test('curves name their axes, runs and splits', async () => {
  const picture = report.curves('Loss', 'loss (nats)', [
    { name: 'a <b> & c', epochs: [1, 2], train: [0.5, 0.4], validation: [0.6, 0.5] },
    { name: 'late', epochs: [1, 2], train: [0.5, 0.4] },
  ]);
  const found = texts(await report.toSvg(picture));
  for (const text of [
    'Loss',
    'epoch',
    'loss (nats)',
    'a <b> & c, validation',
    'a <b> & c, training',
    'late, training',
  ]) {
    assert.ok(found.includes(text), text);
  }
  assert.not.ok(found.includes('late, validation'));
});

test('a diverged epoch is a gap in the curve', async () => {
  const paths = async (train: (number | null)[]) => {
    const curve = { name: 'run', epochs: [1, 2, 3, 4, 5], train };
    const svg = await report.toSvg(report.curves('Loss', 'loss (nats)', [curve]));
    const line = /<g clip-path[^>]*>\s*<path d="([^"]*)"/.exec(svg)![1]!;
    return line.match(/M/g)!.length;
  };
  assert.is(await paths([1, 2, 3, 2, 1]), 1);
  assert.is(await paths([1, 2, Number.NaN, 2, 1]), 2);
  assert.is(await paths([1, 2, null, 2, 1]), 2);
});

test('a run without a finite value is named all the same', async () => {
  const curve = { name: 'lost', epochs: [1, 2], train: [Number.NaN, null] };
  const found = texts(await report.toSvg(report.curves('Loss', 'loss (nats)', [curve])));
  assert.ok(found.includes('lost: no finite values'));
});

test('a sweep names each model’s best rate', async () => {
  const picture = report.learningRateSweep([
    { name: 'dnn', rates: [0.1, 1e-4, 0.001], accuracies: [null, 0.9, 0.975] },
    { name: 'lost', rates: [0.1], accuracies: [Number.NaN] },
  ]);
  const found = texts(await report.toSvg(picture));
  for (const text of ['dnn: 97.5 % at 0.001', 'lost: no result', '0.0001', '0.1', 'accuracy (%)']) {
    assert.ok(found.includes(text), text);
  }
  const sweep = { name: 'dnn', rates: [0], accuracies: [1] };
  assert.throws(
    () => report.learningRateSweep([sweep]),
    (e: unknown) => e instanceof ArgumentError,
  );
});

test('a confusion matrix shows counts, or shares of each row', async () => {
  const counts = [
    [3, 1],
    [0, 0],
  ];
  const shown = async (show: 'counts' | 'shares') =>
    texts(await report.toSvg(report.confusionMatrix(counts, ['cat', 'dog'], { show })));
  const wholes = await shown('counts');
  for (const text of ['3', '1', '0', 'cat', 'dog', 'true class', 'predicted class']) {
    assert.ok(wholes.includes(text), text);
  }
  const shares = await shown('shares');
  for (const text of ['75.0', '25.0', '–']) assert.ok(shares.includes(text), text);
  assert.throws(
    () => report.confusionMatrix(counts, ['cat']),
    (e: unknown) => e instanceof ShapeError,
  );
});

test('ROC curves name their class and AUC, and thin out what nobody sees', async () => {
  const many = Array.from({ length: 20001 }, (_, at) => at / 20000);
  const picture = report.roc([
    { name: 'Ankle boot', fpr: many, tpr: many.map(Math.sqrt), auc: 2 / 3 },
    { name: 'absent', fpr: [], tpr: [], auc: null },
  ]);
  const svg = await report.toSvg(picture);
  const found = texts(svg);
  for (const text of ['Ankle boot: AUC 0.6667', 'absent: AUC undefined', 'false positive rate']) {
    assert.ok(found.includes(text), text);
  }
  assert.ok(svg.length < 60_000, `${svg.length} bytes`);
});

test('where all ROC curves come near the corner, it is enlarged', async () => {
  const curve = (name: string, fpr: number[], tpr: number[]) => ({ name, fpr, tpr, auc: 0.99 });
  const good = curve('good', [0, 0.01, 1], [0, 0.985, 1]);
  const fair = curve('fair', [0, 0.09, 1], [0, 0.95, 1]);
  const bad = curve('bad', [0, 0.5, 1], [0, 0.6, 1]);
  const absent = { name: 'absent', fpr: [], tpr: [], auc: null };
  const ticks = async (...curves: Parameters<typeof report.roc>[0]) =>
    texts(await report.toSvg(report.roc(curves))).filter((text) => /^[\d.]+$/.test(text));
  const plain = ['0', '0.2', '0.4', '0.6', '0.8', '1'];
  const own = [...plain, ...plain].sort();
  assert.equal(
    (await ticks(good, absent)).sort(),
    [...own, '0', '0.01', '0.02', '0.98', '0.99', '1'].sort(),
  );
  assert.equal(
    (await ticks(good, fair)).sort(),
    [...own, '0', '0.05', '0.1', '0.9', '0.95', '1'].sort(),
  );
  assert.equal((await ticks(good, bad)).sort(), own);
});

test('the axis of a sweep shows differences near 100 %', async () => {
  const heights = async (accuracies: number[]) => {
    const sweep = {
      name: 'dnn',
      rates: [1e-4, 1e-3, 1e-2, 1e-1].slice(0, accuracies.length),
      accuracies,
    };
    const svg = await report.toSvg(report.learningRateSweep([sweep]));
    const line = /<g clip-path[^>]*>\s*<path d="([^"]*)"/.exec(svg)![1]!;
    const points = [...line.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, , y]) => Number(y));
    return { svg, points };
  };
  const { svg, points } = await heights([0.1, 0.9, 0.98, 0.99]);
  const [poor, fair, good, best] = points;
  // Half the error, the same way up.
  assert.ok(good! - best! > 0.4 * (fair! - good!), points.join(' '));
  assert.ok(poor! > fair!);
  for (const tick of ['0', '50', '90', '98', '99']) assert.ok(texts(svg).includes(tick), tick);
  assert.ok(texts((await heights([1, 1])).svg).includes('99.999'));
});

test('bars name every class, and have none for an undefined score', async () => {
  const scores = [{ name: 'F1', values: [0.5, null, 0.25] }];
  const found = texts(await report.toSvg(report.f1Bars({ names: FASHION.slice(0, 3), scores })));
  for (const text of ['T-shirt/top', 'Trouser', 'Pullover', 'F1', '0.50', '0.25']) {
    assert.ok(found.includes(text), text);
  }
  assert.is(found.filter((text) => /^0\.\d\d$/.test(text)).length, 2);
});

test('samples mark the wrong ones and say what they are', async () => {
  const pixels = new Uint8Array(6).fill(200);
  const image = await report.pngDataUrl({ pixels, height: 2, width: 3, channels: 1 });
  const svg = await report.toSvg(
    report.sampleGrid([
      { image, label: 'Bag', predicted: 'Bag', probability: 0.987 },
      { image, label: 'Ankle boot', predicted: 'Sandal' },
    ]),
  );
  const found = texts(svg);
  for (const text of ['✓ Bag', '99 %', '✗ Sandal', 'is Ankle boot']) {
    assert.ok(found.includes(text), text);
  }
  assert.is(svg.split(image).length - 1, 2);
  assert.match(svg, /image-rendering:pixelated/);
});

test('an image from elsewhere is refused', () => {
  for (const image of ['https://example.com/x.png', 'x.png', 'data:image/png;base64,"onload="x']) {
    assert.throws(
      () => report.sampleGrid([{ image, label: 'a', predicted: 'b' }]),
      (error: unknown) =>
        error instanceof ArgumentError && /sample 0/.test((error as Error).message),
    );
  }
});

test('a data URL holds the very pixels', async () => {
  for (const channels of [1, 3] as const) {
    const pixels = Uint8Array.from({ length: 2 * 3 * channels }, (_, at) => (at * 41) % 256);
    const url = await report.pngDataUrl({ pixels, height: 2, width: 3, channels });
    const png = Buffer.from(url.split(',')[1]!, 'base64');
    const stored = await sharp(png).metadata();
    assert.equal([stored.width, stored.height, stored.channels], [3, 2, channels]);
    const colourspace = channels === 1 ? 'b-w' : 'srgb';
    assert.equal([...(await sharp(png).toColourspace(colourspace).raw().toBuffer())], [...pixels]);
  }
  try {
    await report.pngDataUrl({ pixels: new Uint8Array(5), height: 2, width: 3, channels: 1 });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, ShapeError);
  }
});

test('histograms and filters refuse what does not fit', () => {
  const shape = (error: unknown) => error instanceof ShapeError;
  assert.throws(
    () => report.histograms('W', 'weight', [{ epoch: 1, edges: [0, 1], counts: [1, 2] }]),
    shape,
  );
  assert.throws(() => report.filters({ shape: [3, 3, 1], values: new Float32Array(9) }), shape);
  assert.throws(() => report.filters({ shape: [3, 3, 1, 2], values: new Float32Array(9) }), shape);
});

test('filters show each weight where it belongs, by its sign', async () => {
  // One 1×2 filter: the left weight most negative, the right one most positive.
  const svg = await report.toSvg(report.filters({ shape: [1, 2, 1, 1], values: [-1, 1] }));
  const [negative, , positive] = report.themes.light.diverging;
  assert.match(svg, new RegExp(`<path d="M20 56[^"]*" fill="${negative}"`));
  assert.match(svg, new RegExp(`<path d="M44 56[^"]*" fill="${positive}"`));
});

test.run();
