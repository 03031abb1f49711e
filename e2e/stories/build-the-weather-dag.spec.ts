/**
 * The main job: draw the weather DAG with the mouse, run it on the real cluster, and see misses,
 * then hits, and versions that grow.
 */
import { isNewer } from '../contract/causal-order.ts';
import { StreamSwitch } from '../stream-switch.ts';
import type { StudioDriver } from '../studio-driver.ts';
import { coldTest as test, expect } from '../studio-fixture.ts';

const WEATHER_FUNCTIONS = [
  'loadWeather',
  'parseWeather',
  'groupByMonth',
  'summariseRain',
  'summariseWarmth',
  'rankMonths',
] as const;

const WEATHER_KEYS = ['index', '2012', '2013', '2014', '2015'].map(
  (part) => `weather:seattle:${part}`,
);

async function drawWeather(studio: StudioDriver): Promise<void> {
  await studio.dragToCanvas('loadWeather', 0, 0);
  await studio.dragToCanvas('parseWeather', 1, 0);
  await studio.dragToCanvas('groupByMonth', 2, 0);
  await studio.dragToCanvas('summariseRain', 3, 0);
  await studio.dragToCanvas('summariseWarmth', 3, 1);
  await studio.dragToCanvas('rankMonths', 1, 2);
  await studio.link('loadWeather', 'parseWeather', 'file');
  await studio.link('parseWeather', 'groupByMonth', 'weather');
  await studio.link('groupByMonth', 'summariseRain', 'grouped');
  await studio.link('groupByMonth', 'summariseWarmth', 'grouped');
  await studio.link('summariseRain', 'rankMonths', 'rain');
  await studio.link('summariseWarmth', 'rankMonths', 'warmth');
}

test('draw the weather DAG, run it twice: misses, then hits, and newer versions', async ({
  studio,
  api,
}) => {
  await api.send('POST', '/api/v1/examples/weather/install');
  await studio.open();
  await studio.startEmpty();
  await studio.renameDag('my-weather');
  await drawWeather(studio);
  await studio.expectLinks(6);
  await studio.setArgument('loadWeather', 'city', 'seattle');
  await studio.chooseLevel('causal');

  const first = await studio.run();
  await studio.expectSucceeded(...WEATHER_FUNCTIONS);
  // Five keys are read; the strip of a node shows four of them.
  await studio.expectEveryReadIs('loadWeather', 'miss');
  await studio.expectEveryReadIs('rankMonths', 'miss');
  const [ranking] = await studio.writes('rankMonths');
  expect(ranking).toMatchObject({ key: 'weather:seattle:ranking' });
  const coldReads = await studio.reads('loadWeather');
  expect(coldReads.length).toBeGreaterThanOrEqual(4);
  for (const { key, version } of coldReads) {
    expect(WEATHER_KEYS).toContain(key);
    expect((await api.key(key)).version).toEqual(version);
  }

  const second = await studio.run();
  expect(second).not.toBe(first);
  await studio.expectSucceeded(...WEATHER_FUNCTIONS);
  await studio.expectEveryReadIs('loadWeather', 'hit');
  await studio.expectEveryReadIs('rankMonths', 'hit');
  expect(await studio.reads('loadWeather')).toEqual(
    coldReads.map((mark) => ({ ...mark, outcome: 'hit' })),
  );
  const [read] = await studio.reads('rankMonths');
  const [written] = await studio.writes('rankMonths');
  expect(read?.version).toEqual(ranking?.version);
  expect(isNewer(written!.version, ranking!.version)).toBe(true);
  expect((await api.key('weather:seattle:ranking')).version).toEqual(written?.version);

  const answer = (await api.awaitInvocation(second)).result as {
    readonly sentence: string;
    runs: number;
  };
  expect(answer).toMatchObject({ runs: 2, sentence: expect.stringContaining('wettest month') });
  await studio.expectResult(answer);

  // The run before is still there, as it was.
  await studio.showRun(first);
  await studio.expectEveryReadIs('loadWeather', 'miss');
  expect(await studio.writes('rankMonths')).toEqual([ranking]);
});

test('what was drawn is on the server as it was drawn', async ({ studio, api }) => {
  await api.send('POST', '/api/v1/examples/weather/install');
  await studio.open();
  await studio.startEmpty();
  await studio.renameDag('drawn');
  await drawWeather(studio);
  await studio.save();
  await studio.expectSaved();
  const saved = (await api.get('/api/v1/dags/drawn')).body;
  expect(saved).toMatchObject({ sources: ['loadWeather'], sinks: ['rankMonths'] });
  const edges = saved['edges'] as readonly unknown[];
  expect(edges).toHaveLength(6);
  expect(edges).toContainEqual({ from: 'summariseWarmth', to: 'rankMonths', parameter: 'warmth' });
});

test('with the stream cut nothing lights up; when it is back, everything is there', async ({
  page,
  studio,
  api,
}) => {
  const wire = await StreamSwitch.install(page);
  await studio.open();
  await studio.openExample('weather');
  await studio.expectConnection('live');
  await wire.turnOff();
  await studio.expectConnection('reconnecting');

  // Somebody else runs what is on the screen.
  const ran = await api.invokeDag('weather', { load: { city: 'seattle' } });
  expect(ran.status).toBe(200);
  await studio.expectConnection('reconnecting');
  await studio.expectNoMarks();

  wire.turnOn();
  await studio.expectConnection('live');
  await studio.expectSucceeded('load', 'parse', 'group', 'rain', 'warmth', 'rank');
  await studio.expectEveryReadIs('load', 'miss');
  expect(await studio.writes('rank')).toHaveLength(1);
});
