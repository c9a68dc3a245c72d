/** Draws losses as a line over the whole canvas, from 0 at its bottom to the largest. */
export function drawLosses(canvas: HTMLCanvasElement, losses: readonly number[]): void {
  const { width, height } = canvas;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  const largest = Math.max(...losses, Number.MIN_VALUE);
  context.clearRect(0, 0, width, height);
  context.lineWidth = 3;
  context.strokeStyle = 'royalblue';
  context.beginPath();
  losses.forEach((loss, i) => {
    context.lineTo((i / Math.max(1, losses.length - 1)) * width, (1 - loss / largest) * height);
  });
  context.stroke();
}
