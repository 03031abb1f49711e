/**
 * The one stream of this page: made here, opened by `main.tsx`, read everywhere.
 */
import { createHeartbeat } from './heartbeat.ts';
import { createLiveStore } from './live-store.ts';
import { ServerSource } from './server-source.ts';

function streamUrl(): string {
  const url = new URL('/api/v1/events', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

export const serverSource = new ServerSource(streamUrl);
export const connectionStore = serverSource.connection;
export const liveStore = createLiveStore(serverSource);

/** Opens the stream and watches over it until the page goes. */
export function openStream(): void {
  serverSource.open();
  createHeartbeat(serverSource);
  window.addEventListener('online', serverSource.retryNow);
  window.addEventListener('offline', () => {
    serverSource.abandon('This computer is offline.');
  });
}
