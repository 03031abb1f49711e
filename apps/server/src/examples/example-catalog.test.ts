/**
 * The examples install, run, and say something true.
 */
import { expect, test } from 'vitest';
import { makeTestApp, type TestApp } from '../testkit/test-app.ts';

async function open(server: TestApp, id: string) {
  const { examples } = (await server.send('GET', '/api/v1/examples')).json();
  const example = examples.find((one: { id: string }) => one.id === id);
  const installed = await server.send('POST', `/api/v1/examples/${id}/install`);
  expect(installed.statusCode, installed.body).toBe(200);
  expect(installed.json()).toEqual({ dag: example.dag });
  return async () => {
    const { consistency } = example;
    const body = { arguments: example.arguments, consistency };
    const answer = await server.send('POST', `/api/v1/dags/${example.dag}/invocations`, body);
    expect(answer.statusCode, answer.body).toBe(200);
    const { invocation, result } = answer.json();
    const trace = (await server.send('GET', `/api/v1/invocations/${invocation}/trace`)).json();
    const reads = trace.events.filter((event: { kind: string }) => event.kind === 'cache.read');
    return { result, reads };
  };
}

test('composition: f(g(4)) is 25', async () => {
  await using server = await makeTestApp();
  const run = await open(server, 'composition');
  expect((await run()).result).toBe(25);
});

test('weather: November is the wettest month of Seattle; the second run hits', async () => {
  await using server = await makeTestApp();
  const run = await open(server, 'weather');
  const first = await run();
  expect(first.result.runs).toBe(1);
  expect(first.result.wettest).toHaveLength(3);
  expect(first.result.sentence).toBe(await expectedSentence());
  const outcomes = (reads: { outcome: string }[]) => new Set(reads.map(({ outcome }) => outcome));
  expect(first.reads.length).toBeGreaterThanOrEqual(6);
  expect(outcomes(first.reads)).toEqual(new Set(['miss']));
  const second = await run();
  expect(second.result.runs).toBe(2);
  expect(outcomes(second.reads)).toEqual(new Set(['hit']));
  const ranking = (await server.send('GET', '/api/v1/keys/weather:seattle:ranking')).json();
  expect(ranking.value.sentence).toBe(first.result.sentence);
});

/** Computed another way, straight from the file. */
async function expectedSentence(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  const file = new URL('../data/seattle-weather.csv', import.meta.resolve('vega-datasets'));
  const days = (await readFile(file, 'utf8')).trim().split(/\r?\n/u).slice(1);
  const month = (name: string, number: number) => {
    const rows = days
      .map((line) => line.split(','))
      .filter(([date]) => Number(date!.slice(5, 7)) === number);
    const rain = rows.map(([, rainMm]) => Number(rainMm));
    const means = rows.map(([, , high, low]) => (Number(high) + Number(low)) / 2);
    return {
      name,
      rainMm: Math.round(rain.reduce((a, b) => a + b) / 4),
      wetDays: Math.round(rain.filter((mm) => mm > 0).length / 4),
      meanC: Math.round((means.reduce((a, b) => a + b) / means.length) * 10) / 10,
    };
  };
  const names =
    'January February March April May June July August September October November December';
  const months = names.split(' ').map((name, index) => month(name, index + 1));
  const wettest = months.toSorted((a, b) => b.rainMm - a.rainMm)[0]!;
  const warmest = months.toSorted((a, b) => b.meanC - a.meanC)[0]!;
  return (
    `${wettest.name} is the wettest month (${wettest.rainMm} mm on ${wettest.wetDays} days), ` +
    `${warmest.name} the warmest (${warmest.meanC} °C).`
  );
}

test('timeline: posts, a reply to one of them, and two readers', async () => {
  await using server = await makeTestApp();
  const run = await open(server, 'timeline');
  const { result } = await run();
  expect(result).toMatchObject({ siblings: 1, lost: [] });
  const keys = (await server.send('GET', '/api/v1/keys?prefix=post:ann')).json().keys;
  expect(keys.map(({ key }: { key: string }) => key)).toEqual([
    'post:ann-1-hello',
    'post:ann-2-storm-over-the-bay',
    'post:ann-2-storm-over-the-bay-reply-1',
    'post:ann-3-pictures-of-the-storm',
  ]);
  await run();
});

test('installing again changes nothing that a person has changed', async () => {
  await using server = await makeTestApp();
  await open(server, 'composition');
  const source = 'export default (x) => x + 100';
  await server.send('PUT', '/api/v1/functions/increment', { source });
  const run = await open(server, 'composition');
  expect((await run()).result).toBe(104 ** 2);
});

test('a function in the way is named, and the DAG is not registered', async () => {
  await using server = await makeTestApp();
  await server.send('PUT', '/api/v1/functions/square', { source: 'export default (side) => side' });
  const answer = await server.send('POST', '/api/v1/examples/composition/install');
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({
    type: 'unknown-parameter',
    node: 'square',
    parameter: 'x',
  });
  expect((await server.send('GET', '/api/v1/dags/composition')).statusCode).toBe(404);
});

test('an example that is not there', async () => {
  await using server = await makeTestApp();
  const answer = await server.send('POST', '/api/v1/examples/nothing/install');
  expect(answer.json()).toMatchObject({ type: 'not-found', status: 404 });
});

test('nodes of an example stand apart', async () => {
  await using server = await makeTestApp();
  for (const id of ['composition', 'weather', 'timeline']) {
    await server.send('POST', `/api/v1/examples/${id}/install`);
  }
  const { dags } = (await server.send('GET', '/api/v1/dags')).json();
  expect(dags).toHaveLength(3);
  for (const { nodes, layout } of dags) {
    const places = nodes.map((node: { id: string }) => layout[node.id]);
    for (const [index, a] of places.entries()) {
      for (const b of places.slice(index + 1)) {
        const isApart = Math.abs(a.x - b.x) >= 208 + 56 || Math.abs(a.y - b.y) >= 130;
        expect(isApart, `${JSON.stringify(a)} ${JSON.stringify(b)}`).toBe(true);
      }
    }
  }
});
