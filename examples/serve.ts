// A model behind HTTP. Requests that come together are computed together: while a batch is computed the next one
// gathers; with --wait, the first waits so many milliseconds for others.
//   npm run example examples/serve.ts -- --port 8000 [--weights FILE] [--batch 32] [--wait 0]
//   curl localhost:8000/predict -d '{"pixels": [0, 0.5, …]}'    784 numbers from 0 to 1, row by row
//   curl localhost:8000/health
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { type AnyTensor, compile, data, fit, io, nn, optim, random, tensor } from 'wgrad';

const text = (value: string) => ({ type: 'string', default: value }) as const;
const { values: options } = parseArgs({
  options: { port: text('8000'), batch: text('32'), wait: text('0'), weights: text('') },
});
const [BATCH, WAIT] = [Number(options.batch), Number(options.wait)];
const [PIXELS, CLASSES, LONGEST_BODY] = [28 * 28, 10, 64 * 1024];

random.seed(1);
const model = nn
  .sequential([
    ...[nn.conv2d(16, 3, { activation: 'relu' }), nn.maxPool2d(2)],
    ...[nn.conv2d(32, 3, { activation: 'relu' }), nn.maxPool2d(2)],
    ...[nn.flatten(), nn.dense(CLASSES)],
  ])
  .build([28, 28, 1]);
if (existsSync(options.weights)) await io.loadWeights(options.weights, model);
else await train();

// Sizes are powers of two, so that few kinds of calls are compiled, and all of them before anybody asks.
const probabilities = compile((inputs: AnyTensor) => model.forward(inputs).softmax());
const sizeFor = (count: number) => 2 ** Math.ceil(Math.log2(count));
for (let size = 1; size <= sizeFor(BATCH); size *= 2) {
  for (let call = 0; call < 2; call++) await compute(new Float32Array(size * PIXELS), size);
}

interface Waiting {
  readonly pixels: readonly number[];
  readonly answer: (probabilities: number[]) => void;
  readonly fail: (error: unknown) => void;
}
const waiting: Waiting[] = [];
const done = { requests: 0, passes: 0 };
/** Without a wait, what has arrived by now is computed together. */
const later = WAIT > 0 ? (work: () => void) => setTimeout(work, WAIT) : setImmediate;
let computing = false;

/** The probabilities of an image's classes, computed with those of others that are asked for now. */
function classify(pixels: readonly number[]): Promise<number[]> {
  return new Promise((answer, fail) => {
    waiting.push({ pixels, answer, fail });
    if (waiting.length >= BATCH) computeWaiting();
    else if (waiting.length === 1) later(computeWaiting);
  });
}

async function computeWaiting(): Promise<void> {
  if (computing) return; // what waits is next
  computing = true;
  while (waiting.length > 0) {
    const batch = waiting.splice(0, BATCH);
    const size = sizeFor(batch.length);
    const inputs = new Float32Array(size * PIXELS);
    for (const [i, { pixels }] of batch.entries()) inputs.set(pixels, i * PIXELS);
    try {
      const all = await compute(inputs, size);
      done.requests += batch.length;
      done.passes++;
      for (const [i, { answer }] of batch.entries()) {
        answer([...all.subarray(i * CLASSES, (i + 1) * CLASSES)]);
      }
    } catch (error) {
      for (const { fail } of batch) fail(error);
    }
  }
  computing = false;
}

async function compute(inputs: Float32Array, size: number): Promise<Float32Array> {
  return (await probabilities(tensor(inputs, [size, 28, 28, 1]))).data();
}

/** What a client did wrong, in a sentence. */
class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

async function pixelsOf(request: IncomingMessage): Promise<number[]> {
  let body = '';
  for await (const part of request.setEncoding('utf8')) {
    body += part;
    if (body.length > LONGEST_BODY) throw new Refusal(413, `More than ${LONGEST_BODY} characters.`);
  }
  let given: { pixels?: unknown } | null;
  try {
    given = JSON.parse(body) as typeof given;
  } catch {
    throw new Refusal(400, 'The body is no JSON; it has to be {"pixels": [...]}.');
  }
  const pixels = given?.pixels;
  if (!Array.isArray(pixels) || pixels.length !== PIXELS) {
    throw new Refusal(400, `"pixels" has to be an array of ${PIXELS} numbers, row by row.`);
  }
  const wrong = pixels.findIndex((x) => typeof x !== 'number' || !(x >= 0 && x <= 1));
  if (wrong >= 0) throw new Refusal(400, `Pixel ${wrong} has to be a number from 0 to 1.`);
  return pixels as number[];
}

async function answerTo(request: IncomingMessage): Promise<object> {
  const asked = `${request.method} ${request.url}`;
  if (asked === 'GET /health') return { status: 'ok', waiting: waiting.length, ...done };
  if (asked !== 'POST /predict') {
    throw new Refusal(404, 'There are POST /predict and GET /health.');
  }
  const shares = await classify(await pixelsOf(request));
  return { digit: shares.indexOf(Math.max(...shares)), probabilities: shares };
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let [status, answer] = [200, {}];
  try {
    answer = await answerTo(request);
  } catch (error) {
    if (!(error instanceof Refusal)) console.error(error); // what is wrong here is nobody else's business
    status = error instanceof Refusal ? error.status : 500;
    answer = { error: error instanceof Refusal ? error.message : 'The model could not answer.' };
  }
  // After the end or half a body a connection is of no more use.
  const header = server.listening && status !== 413 ? {} : { Connection: 'close' };
  response.writeHead(status, { 'Content-Type': 'application/json', ...header });
  response.end(JSON.stringify(answer));
}

const server = createServer((request, response) => void respond(request, response));
server.listen(Number(options.port), 'localhost', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : address;
  console.log(`http://localhost:${port}/ (Ctrl-C ends)`);
});

// What has begun is finished: the server takes no more, and the process ends with its last answer.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close());
server.on('close', () => {
  console.log(`answered ${done.requests} requests in ${done.passes} forward passes`);
});

async function train(): Promise<void> {
  const digits = data.syntheticDigits({ train: 4000, test: 0, seed: 1 });
  const optimizer = optim.adam(model.variables, { lr: 2e-3 });
  await fit(model, data.fromImages(digits.train), { loss: 'crossEntropy', optimizer, epochs: 2 });
  if (options.weights !== '') await io.saveWeights(options.weights, model);
}
