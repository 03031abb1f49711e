/**
 * Takes the pictures of the README anew: `node e2e/screenshots.ts`, after the studio is built. A server of its own
 * runs over an empty folder, and every picture is of something that really ran on it.
 */
import { chromium, type Page } from '@playwright/test';
import type { DagDetail, FunctionDetail } from '@stormglass/core';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ApiClient } from './api-client.ts';
import { ServerProcess } from './server-process.ts';
import { StudioDriver } from './studio-driver.ts';

const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));
const SIZE = { width: 1440, height: 900 };
const SYSTEM_CHROMIUM = '/usr/bin/chromium';
/** Long enough to be in the picture, short enough to wait for. */
const SLOW_STEP_MS = 4_000;
const WATCHED_DAG = 'weather-slowly';

const schemes = ['light', 'dark'] as const;
type Scheme = (typeof schemes)[number];

/** Waits until nothing moves any more: fonts are there, and two frames were drawn. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
  });
}

async function take(page: Page, name: string, scheme: Scheme): Promise<void> {
  await page.mouse.move(SIZE.width / 2, SIZE.height - 2);
  await settle(page);
  await page.screenshot({ path: `${IMAGES}${name}-${scheme}.png` });
}

/** The weather DAG with one branch that takes its time. */
async function installWatched(api: ApiClient): Promise<void> {
  const { source } = (await api.get<FunctionDetail>('/api/v1/functions/summariseWarmth')).body;
  const slow = source.replace(
    /\) \{\n/u,
    `$&  await cloud.recv({ timeoutMs: ${SLOW_STEP_MS} });\n`,
  );
  await api.putFunction('slowWarmth', slow);
  const { nodes, edges, layout } = (await api.get<DagDetail>('/api/v1/dags/weather')).body;
  await api.putDag(WATCHED_DAG, {
    nodes: nodes.map((node) => (node.id === 'warmth' ? { ...node, function: 'slowWarmth' } : node)),
    edges,
    consistency: 'causal',
    ...(layout === undefined ? {} : { layout }),
  });
}

async function takeAll(studio: StudioDriver, scheme: Scheme): Promise<void> {
  const { page } = studio;
  await studio.openDag(WATCHED_DAG);
  await studio.setArgument('load', 'city', 'seattle');
  await studio.run();
  await studio.expectSucceeded('load', 'parse', 'group', 'rain');
  await studio.expectStatus('warmth', 'running');
  await take(page, 'running', scheme);
  await studio.expectSucceeded('rank');

  await studio.open();
  await studio.openExample('weather');
  // The first run fills the caches, the second finds them filled.
  for (let runs = 0; runs < 2; runs += 1) {
    await studio.run();
    await studio.expectSucceeded('load', 'parse', 'group', 'rain', 'warmth', 'rank');
  }
  await studio.explain('rank', 'weather:seattle:ranking');
  await take(page, 'run', scheme);

  await page.getByTestId('close-run').click();
  await studio.selectNode('rain');
  await page.getByRole('tab', { name: 'Code' }).click();
  await page.getByTestId('code-editor').locator('.cm-content').waitFor();
  await page.getByTestId('show-library').click();
  await page.getByTestId('toggle-dock').click();
  await take(page, 'editor', scheme);

  await studio.openDag('composition');
  await studio.setArgument('increment', 'x', '4');
  await studio.run();
  await studio.expectResult(25);
  await studio.open();
  await page.getByTestId(`dag-${WATCHED_DAG}`).waitFor();
  await take(page, 'start', scheme);
}

async function main(): Promise<void> {
  await mkdir(IMAGES, { recursive: true });
  const server = await ServerProcess.start();
  const browser = await chromium.launch({
    ...(existsSync(SYSTEM_CHROMIUM) ? { executablePath: SYSTEM_CHROMIUM } : {}),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--hide-scrollbars'],
  });
  try {
    const api = new ApiClient(server.url);
    for (const example of ['weather', 'composition', 'timeline']) {
      await api.send('POST', `/api/v1/examples/${example}/install`);
    }
    await installWatched(api);
    for (const scheme of schemes) {
      const context = await browser.newContext({
        viewport: SIZE,
        colorScheme: scheme,
        baseURL: server.url,
      });
      await takeAll(new StudioDriver(await context.newPage()), scheme);
      await context.close();
    }
  } finally {
    await browser.close();
    await server.dispose();
  }
}

await main();
