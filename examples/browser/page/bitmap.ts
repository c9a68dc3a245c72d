/** Draws an image of one byte a pixel, ink black, over a whole square canvas. */
export function drawGray(canvas: HTMLCanvasElement, pixels: ArrayLike<number>): void {
  const side = Math.sqrt(pixels.length);
  const image = new ImageData(side, side);
  for (let i = 0; i < pixels.length; i++) {
    image.data.fill(255 - (pixels[i] ?? 0), 4 * i, 4 * i + 3);
    image.data[4 * i + 3] = 255;
  }
  canvas.width = side;
  canvas.height = side;
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}
