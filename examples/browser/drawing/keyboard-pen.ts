/** Steps of the pen across a pad. */
const STEPS = 24;

const DIRECTIONS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

type Place = readonly [x: number, y: number];

/** What the pen does to the pad. */
interface Paper {
  line(from: Place, to: Place): void;
  clear(): void;
}

/** A pen moved by the arrow keys, lowered and lifted by the space bar; a ring shows where it is. */
export class KeyboardPen {
  readonly #canvas: HTMLCanvasElement;
  readonly #paper: Paper;
  readonly #ring: HTMLElement;
  #at: Place;
  #isDown = false;

  constructor(canvas: HTMLCanvasElement, paper: Paper) {
    this.#canvas = canvas;
    this.#paper = paper;
    this.#at = [canvas.width / 2, canvas.height / 4];
    this.#ring = document.createElement('span');
    this.#ring.className = 'pen';
    canvas.after(this.#ring);
    // Else a screen reader keeps the arrow keys for itself.
    canvas.setAttribute('role', 'application');
    canvas.addEventListener('keydown', (event) => {
      if (this.#press(event.key)) event.preventDefault();
    });
    this.#show();
  }

  /** Whether the key is one of the pen's. */
  #press(key: string): boolean {
    const direction = DIRECTIONS[key];
    if (direction) this.#move(direction);
    else if (key === ' ') this.#lower();
    else if (key === 'Delete' || key === 'Backspace') this.#paper.clear();
    else return false;
    this.#show();
    return true;
  }

  #move([x, y]: Place): void {
    const { width, height } = this.#canvas;
    const within = (value: number, most: number) => Math.max(0, Math.min(most, value));
    const to: Place = [
      within(this.#at[0] + (x * width) / STEPS, width),
      within(this.#at[1] + (y * height) / STEPS, height),
    ];
    if (this.#isDown) this.#paper.line(this.#at, to);
    this.#at = to;
  }

  #lower(): void {
    this.#isDown = !this.#isDown;
    if (this.#isDown) this.#paper.line(this.#at, this.#at);
  }

  #show(): void {
    const { width, height } = this.#canvas;
    this.#ring.style.left = `${(100 * this.#at[0]) / width}%`;
    this.#ring.style.top = `${(100 * this.#at[1]) / height}%`;
    this.#ring.classList.toggle('down', this.#isDown);
  }
}
