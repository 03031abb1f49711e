/**
 * Four years of Seattle's weather, from the CSV file that the package `vega-datasets` ships (NOAA
 * data). The file is put into keys by year, with an index that says which years there are.
 */
import { readFile } from 'node:fs/promises';
import { COLUMN, type ExampleDefinition } from '../example-definition.ts';

const ROW = 184;
const CITY = 'seattle';

const csvFile = (): URL =>
  new URL('../data/seattle-weather.csv', import.meta.resolve('vega-datasets'));

async function entries(): Promise<readonly (readonly [string, unknown])[]> {
  const [header = '', ...lines] = (await readFile(csvFile(), 'utf8')).trim().split(/\r?\n/u);
  const byYear = Map.groupBy(lines, (line) => line.slice(0, 'yyyy'.length));
  const index = { columns: header.split(','), years: [...byYear.keys()], days: lines.length };
  return [
    [`weather:${CITY}:index`, index],
    ...[...byYear].map(([year, days]) => [`weather:${CITY}:${year}`, days.join('\n')] as const),
  ];
}

export const weather: ExampleDefinition = {
  id: 'weather',
  title: 'Weather',
  summary:
    'Four years of Seattle’s weather: load, parse, group by month, summarise, rank. Run it twice: ' +
    'the first run misses the caches, the second hits, and the ranking’s version vector grows.',
  dag: 'weather',
  arguments: { load: { city: CITY } },
  consistency: 'causal',
  functionFiles: [
    'load-weather.js',
    'parse-weather.js',
    'group-by-month.js',
    'summarise-rain.js',
    'summarise-warmth.js',
    'rank-months.js',
  ],
  body: {
    consistency: 'causal',
    nodes: [
      { id: 'load', function: 'loadWeather' },
      { id: 'parse', function: 'parseWeather' },
      { id: 'group', function: 'groupByMonth' },
      { id: 'rain', function: 'summariseRain' },
      { id: 'warmth', function: 'summariseWarmth' },
      { id: 'rank', function: 'rankMonths' },
    ],
    edges: [
      { from: 'load', to: 'parse', parameter: 'file' },
      { from: 'parse', to: 'group', parameter: 'weather' },
      { from: 'group', to: 'rain', parameter: 'grouped' },
      { from: 'group', to: 'warmth', parameter: 'grouped' },
      { from: 'rain', to: 'rank', parameter: 'rain' },
      { from: 'warmth', to: 'rank', parameter: 'warmth' },
    ],
    layout: {
      load: { x: 0, y: ROW / 2 },
      parse: { x: COLUMN, y: ROW / 2 },
      group: { x: 2 * COLUMN, y: ROW / 2 },
      rain: { x: 3 * COLUMN, y: 0 },
      warmth: { x: 3 * COLUMN, y: ROW },
      rank: { x: 4 * COLUMN, y: ROW / 2 },
    },
  },
  entries,
};
