import type { Ink } from './centred.ts';
import { KeyboardPen } from './keyboard-pen.ts';

/** Of the pen, as a share of the pad: about as thick as in MNIST. */
const PEN = 0.075;

/** A canvas that is drawn on with mouse, finger, pen or keys; the ink is black on white. */
export class DrawingPad {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #onChange: () => void;
  /** Where each pointer that is down was last. */
  readonly #pointers = new Map<number, [x: number, y: number]>();

  constructor(canvas: HTMLCanvasElement, onChange: () => void) {
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('This browser draws on no canvas.');
    this.#canvas = canvas;
    this.#context = context;
    this.#onChange = onChange;
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.lineWidth = PEN * canvas.width;
    canvas.addEventListener('pointerdown', (event) => this.#press(event));
    canvas.addEventListener('pointermove', (event) => this.#move(event));
    for (const end of ['pointerup', 'pointercancel'] as const) {
      canvas.addEventListener(end, ({ pointerId }) => this.#pointers.delete(pointerId));
    }
    new KeyboardPen(canvas, {
      line: (from, to) => this.#line(from, to),
      clear: () => this.clear(),
    });
  }

  clear(): void {
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#onChange();
  }

  /** Puts a picture in place of the drawing. */
  show(values: ArrayLike<number>, side: number): void {
    const image = new ImageData(side, side);
    for (let i = 0; i < side * side; i++) image.data[4 * i + 3] = values[i] ?? 0;
    const small = new OffscreenCanvas(side, side);
    small.getContext('2d')?.putImageData(image, 0, 0);
    const { width, height } = this.#canvas;
    this.#context.clearRect(0, 0, width, height);
    this.#context.drawImage(small, 0, 0, width, height);
    this.#onChange();
  }

  /** What is drawn. */
  ink(): Ink {
    const { width, height } = this.#canvas;
    const { data } = this.#context.getImageData(0, 0, width, height);
    return {
      width,
      height,
      values: Uint8Array.from({ length: width * height }, (_, i) => data[4 * i + 3] ?? 0),
    };
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#canvas.setPointerCapture(event.pointerId);
    const at = this.#place(event);
    this.#pointers.set(event.pointerId, at);
    this.#line(at, at);
  }

  #move(event: PointerEvent): void {
    let from = this.#pointers.get(event.pointerId);
    if (!from) return;
    // A fast pen moves several times between two frames.
    for (const part of event.getCoalescedEvents?.() ?? []) {
      const to = this.#place(part);
      this.#line(from, to);
      from = to;
    }
    const to = this.#place(event);
    this.#line(from, to);
    this.#pointers.set(event.pointerId, to);
  }

  #place({ clientX, clientY }: PointerEvent): [x: number, y: number] {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const { width: across, height: down } = this.#canvas;
    return [((clientX - left) / width) * across, ((clientY - top) / height) * down];
  }

  #line([fromX, fromY]: readonly [number, number], [toX, toY]: readonly [number, number]): void {
    this.#context.beginPath();
    this.#context.moveTo(fromX, fromY);
    this.#context.lineTo(toX + 0.01, toY); // a line of no length leaves no dot
    this.#context.stroke();
    this.#onChange();
  }
}
