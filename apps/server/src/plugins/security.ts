/**
 * Who may ask: the Host header against an allow-list (DNS rebinding), the Origin of pages against
 * an allow-list (cross-site requests and sockets), and a bearer token where one is configured. One
 * check before every route and before every WebSocket upgrade (correctness.md section 9).
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Problem } from '@stormglass/core';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from '../http/answer.ts';
import { problemFor } from '../http/problem-document.ts';

export interface SecurityConfig {
  /** Names this server may be called by, without port; `undefined` when the token alone decides. */
  readonly allowedHosts: readonly string[] | undefined;
  /** Origins of pages besides the server's own. */
  readonly allowedOrigins: readonly string[];
  readonly token: string | undefined;
}

/**
 * Routes that tell nothing about what runs: health, and the files of the studio. Every other route
 * needs the token.
 */
const OPEN_ROUTES: ReadonlySet<string | undefined> = new Set(['/healthz', '/readyz', '/', '/*']);

interface Asker {
  readonly headers: IncomingHttpHeaders;
}

/** Why this request may not be answered; `undefined` when it may. */
export type Guard = (request: Asker) => Problem | undefined;

/** The name in a Host header or authority, without port, lower case; IPv6 keeps its brackets. */
export function hostName(authority: string): string {
  const name = /^(?<name>\[[^\]]*\]|[^:]*)(?::\d*)?$/u.exec(authority)?.groups?.['name'];
  return (name ?? '').toLowerCase();
}

function hostProblem({ headers }: Asker, allowed: ReadonlySet<string>): Problem | undefined {
  const { host } = headers;
  if (host !== undefined && allowed.has(hostName(host))) return undefined;
  const detail =
    `The Host header names ${JSON.stringify(host ?? '')}; this server answers to ` +
    `${[...allowed].join(', ')}. Add the name to ALLOWED_HOSTS if it is yours.`;
  return problemFor('forbidden-host', detail);
}

/** A page's own origin is the host it was loaded from; other clients send none. */
function originProblem({ headers }: Asker, allowed: ReadonlySet<string>): Problem | undefined {
  const { origin, host } = headers;
  if (origin === undefined || origin === `http://${host}` || origin === `https://${host}`)
    return undefined;
  if (allowed.has(origin)) return undefined;
  const detail =
    `A page at ${origin} may not use this server. Open the studio at the server's own address, ` +
    'or add the origin to ALLOWED_ORIGINS if it is yours.';
  return problemFor('forbidden-origin', detail);
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function tokenProblem({ headers }: Asker, expected: Buffer): Problem | undefined {
  const given = /^Bearer (?<token>.+)$/iu.exec(headers.authorization ?? '')?.groups?.['token'];
  // Digests have one length, so the comparison tells nothing about the token's.
  if (given !== undefined && timingSafeEqual(digest(given), expected)) return undefined;
  const what = given === undefined ? 'has none' : 'has another';
  const detail = `This server needs the header "Authorization: Bearer <token>"; the request ${what}.`;
  return problemFor('unauthorized', detail);
}

/** `open` checks everything but the token. */
function makeGuards(config: SecurityConfig): { readonly open: Guard; readonly full: Guard } {
  const hosts =
    config.allowedHosts && new Set(config.allowedHosts.map((name) => name.toLowerCase()));
  const origins = new Set(config.allowedOrigins);
  const token = config.token === undefined ? undefined : digest(config.token);
  const open: Guard = (request) =>
    (hosts && hostProblem(request, hosts)) ?? originProblem(request, origins);
  const full: Guard =
    token === undefined ? open : (request) => open(request) ?? tokenProblem(request, token);
  return { open, full };
}

/** Guards every route of the app. @returns the guard for what does not go through the router */
export function addSecurity(app: FastifyInstance, config: SecurityConfig): Guard {
  const { open, full } = makeGuards(config);
  app.addHook('onRequest', (request, reply, done) => {
    // The route, not the address as it was spelled: `/%61pi` is `/api` to the router.
    const isOpen = OPEN_ROUTES.has(request.routeOptions.url) || request.is404;
    const problem = isOpen ? open(request) : full(request);
    if (problem === undefined) {
      done();
      return;
    }
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
    sendProblem(reply, problem);
  });
  return full;
}

/**
 * For pages. Styles may be inline because the code editor and the canvas write style elements and
 * attributes; scripts may not.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};
