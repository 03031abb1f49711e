/**
 * The built studio: files with a hash in their name are kept for ever, the page itself is asked for
 * every time, and every address of the page that is no file is the page.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from '../http/answer.ts';
import { addressProblem } from '../plugins/problems.ts';
import { PAGE_HEADERS } from '../plugins/security.ts';

const FOREVER = 'public, max-age=31536000, immutable';

const NOT_BUILT = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Stormglass</title><style>
:root{color-scheme:light dark}
body{font:18px/1.6 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem}
code{background:#8882;padding:.1em .4em;border-radius:.3em}
</style></head><body><h1>The studio is not built yet</h1>
<p>The server runs. Stop it and start it with <code>npm start</code>, which builds the studio first;
or build it beside the running server with
<code>npm run with -- pnpm --filter @stormglass/studio build</code> and reload.</p>
<p>The API works already: <a href="/docs">read what it can do</a>.</p></body></html>`;

const wantsPage = (request: FastifyRequest): boolean =>
  request.method === 'GET' &&
  !request.url.startsWith('/api/') &&
  request.headers.accept?.includes('text/html') === true;

export async function addStudio(app: FastifyInstance, folder: string): Promise<void> {
  const indexFile = join(folder, 'index.html');
  const isBuilt = (): boolean => existsSync(indexFile);
  const sendPage = (reply: FastifyReply): unknown =>
    isBuilt()
      ? reply.sendFile('index.html')
      : reply
          .code(503)
          .headers(PAGE_HEADERS)
          .header('content-type', 'text/html; charset=utf-8')
          .send(NOT_BUILT);

  await app.register(fastifyStatic, {
    root: folder,
    prefix: '/',
    wildcard: true,
    index: false,
    redirect: false,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders: (reply, path) => {
      for (const [name, value] of Object.entries(PAGE_HEADERS)) reply.header(name, value);
      const isHashed = path.startsWith(join(folder, 'assets'));
      reply.header('cache-control', isHashed ? FOREVER : 'no-cache');
    },
  });
  app.get('/', (_request, reply) => sendPage(reply));
  app.setNotFoundHandler((request, reply) => {
    if (wantsPage(request)) return sendPage(reply);
    sendProblem(reply, addressProblem(request));
    return reply;
  });
}
