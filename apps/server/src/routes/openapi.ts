/**
 * `/openapi.json` and `/docs`. Made once, at the first request.
 */
import type { FastifyInstance } from 'fastify';
import { docsPage } from '../http/docs-page.ts';
import type { EndpointDescription } from '../http/endpoint.ts';
import { openApiDocument } from '../http/openapi-document.ts';
import { PAGE_HEADERS } from '../plugins/security.ts';

export function addOpenApi(app: FastifyInstance, endpoints: readonly EndpointDescription[]): void {
  let json: string | undefined;
  let page: string | undefined;
  app.get('/openapi.json', (_request, reply) => {
    json ??= JSON.stringify(openApiDocument(endpoints));
    reply.header('content-type', 'application/json; charset=utf-8').send(json);
  });
  app.get('/docs', (_request, reply) => {
    page ??= docsPage(openApiDocument(endpoints));
    reply.headers(PAGE_HEADERS).header('content-type', 'text/html; charset=utf-8').send(page);
  });
}
