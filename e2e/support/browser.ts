import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Chromium of this machine (CHROMIUM_PATH, chromium, google-chrome), else the one of the npm package. */
async function findChromium(): Promise<{ path: string; args: string[] }> {
  const named = process.env['CHROMIUM_PATH'];
  if (named) return { path: named, args: [] };
  for (const name of ['chromium', 'google-chrome', 'chromium-browser']) {
    try {
      const path = execFileSync('which', [name], { encoding: 'utf8' }).trim();
      if (existsSync(path)) return { path, args: [] };
    } catch {
      // Not this one.
    }
  }
  const packaged = await import('@sparticuz/chromium');
  return { path: await packaged.default.executablePath(), args: packaged.default.args };
}

/** Opens a headless browser; tests make a context of their own for each clerk. */
export async function openBrowser(): Promise<Browser> {
  const found = await findChromium();
  return chromium.launch({
    executablePath: found.path,
    args: [
      ...found.args.filter((arg) => !arg.startsWith('--headless')),
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
