/**
 * A small social network in keys: `user:…`, `following:…`, `posts:…` (lists of ids), `post:…`,
 * `replies:…`.
 */
import { COLUMN, type ExampleDefinition } from '../example-definition.ts';

const ROW = 296;

const people = [
  { id: 'ann', name: 'Ann', follows: ['ben'] },
  { id: 'ben', name: 'Ben', follows: ['ann'] },
  { id: 'cleo', name: 'Cleo', follows: ['ann', 'ben'] },
  { id: 'dan', name: 'Dan', follows: ['ann', 'ben'] },
] as const;

const posts = [
  { id: 'ann-1-hello', author: 'ann', text: 'Hello from the harbour.' },
  { id: 'ben-1-glass', author: 'ben', text: 'The stormglass is clouding over.' },
] as const;

const entries = () =>
  Promise.resolve([
    ...people.map(({ id, name }) => [`user:${id}`, { name }] as const),
    ...people.map(({ id, follows }) => [`following:${id}`, follows] as const),
    ...posts.map(({ id, author }) => [`posts:${author}`, [id]] as const),
    ...posts.map((post) => [`post:${post.id}`, post] as const),
  ]);

export const timeline: ExampleDefinition = {
  id: 'timeline',
  title: 'Timeline',
  summary:
    'Ann posts from her phone and her laptop at once, Ben replies, Cleo and Dan read. Run it with ' +
    'last writer wins, then with causal: a post gets lost in one and becomes a sibling in the other.',
  dag: 'timeline',
  arguments: {
    phone: { author: 'ann', text: 'Storm over the bay' },
    laptop: { author: 'ann', text: 'Pictures of the storm' },
    reply: { author: 'ben', text: 'Stay inside!' },
    cleo: { user: 'cleo' },
    dan: { user: 'dan' },
  },
  consistency: 'lww',
  functionFiles: ['write-post.js', 'write-reply.js', 'read-timeline.js', 'compare-timelines.js'],
  body: {
    nodes: [
      { id: 'phone', function: 'writePost' },
      { id: 'laptop', function: 'writePost' },
      { id: 'reply', function: 'writeReply' },
      { id: 'cleo', function: 'readTimeline' },
      { id: 'dan', function: 'readTimeline' },
      { id: 'compare', function: 'compareTimelines' },
    ],
    edges: [
      { from: 'phone', to: 'reply', parameter: 'to' },
      { from: 'reply', to: 'cleo', parameter: 'after' },
      { from: 'laptop', to: 'dan', parameter: 'after' },
      { from: 'cleo', to: 'compare', parameter: 'left' },
      { from: 'dan', to: 'compare', parameter: 'right' },
    ],
    layout: {
      phone: { x: 0, y: 0 },
      laptop: { x: 0, y: ROW },
      reply: { x: COLUMN, y: 0 },
      cleo: { x: 2 * COLUMN, y: 0 },
      dan: { x: 2 * COLUMN, y: ROW },
      compare: { x: 3 * COLUMN, y: ROW / 2 },
    },
  },
  entries,
};
