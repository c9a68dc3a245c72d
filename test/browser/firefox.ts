import puppeteer, { type Browser } from 'puppeteer-core';
import { findProgram } from './find-program.ts';

const LAUNCH_MS = 60_000;

/** Where Firefox is: `FIREFOX_PATH`, else one in the path; undefined where there is none. */
export const findFirefox = () => findProgram('FIREFOX_PATH', ['firefox-esr', 'firefox']);

/** Starts Firefox without a window, on a profile of its own that goes with it, driven by its own remote agent. */
export function launchFirefox(executablePath: string): Promise<Browser> {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    timeout: LAUNCH_MS,
    protocolTimeout: LAUNCH_MS,
  });
}
