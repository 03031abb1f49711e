/**
 * `/api/v1/events` for a client that does not ask for an upgrade: says what the address is for, and
 * describes the stream.
 */
import { down, up } from '@stormglass/core';
import { refuse } from '../http/answer.ts';
import { endpoint, type Endpoint } from '../http/endpoint.ts';
import { problemFor } from '../http/problem-document.ts';
import { EVENTS_PATH } from '../live/socket.ts';

export function eventRoutes(): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: EVENTS_PATH,
      tag: 'Live stream',
      summary: 'The live stream (WebSocket)',
      description:
        'Connect with a WebSocket. The server says `hello`; send a `subscribe` frame, again to change it. ' +
        'Each frame is one JSON text.',
      frames: { up, down },
      answers: { 101: { description: 'Switched to WebSocket.' } },
      problems: ['invalid-request', 'forbidden-origin', 'forbidden-host'],
      handle: () => {
        const detail = `${EVENTS_PATH} is a WebSocket. Connect to it with ws:// instead of http://.`;
        return refuse(problemFor('invalid-request', detail));
      },
    }),
  ];
}
