/** What a training waits at after each step: open, shut, or open for so many steps. */
export class Gate {
  #steps = 0;
  #opened: (() => void) | undefined;

  get isOpen(): boolean {
    return this.#steps > 0;
  }

  get stepsLeft(): number {
    return this.#steps;
  }

  /** Lets steps through; infinitely many if unsaid. */
  open(steps = Number.POSITIVE_INFINITY): void {
    this.#steps = steps;
    this.#opened?.();
  }

  shut(): void {
    this.#steps = 0;
  }

  /** Takes down that a step was done. */
  countStep(): void {
    this.#steps = Math.max(0, this.#steps - 1);
  }

  /** Resolves at once where it is open, else when it is opened. */
  async pass(): Promise<void> {
    if (!this.isOpen) {
      await new Promise<void>((resolve) => {
        this.#opened = resolve;
      });
    }
  }
}
