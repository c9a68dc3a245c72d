import { type Browser, chromium } from 'playwright-core';
import { findProgram } from './find-program.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const LAUNCH_MS = 60_000;

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** WebGPU without a GPU; a browser without these finds no adapter then. */
const WITH_WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** Where Chromium is: `CHROMIUM_PATH`, else one in the path; undefined where there is none. */
export const findChromium = () => findProgram('CHROMIUM_PATH', NAMES);

/** Starts a browser without a window, on a profile of its own that goes with it. */
export function launch(executablePath: string, webgpu = true): Promise<Browser> {
  return chromium.launch({
    executablePath,
    headless: true,
    timeout: LAUNCH_MS,
    args: [...ARGUMENTS, ...(webgpu ? WITH_WEBGPU : [])],
  });
}
