/**
 * The readable form of the OpenAPI document: one static page, no script, nothing from elsewhere.
 */
import type { OpenApiDocument } from './openapi-document.ts';

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/gu, (character) => ENTITIES.get(character) ?? character);

/** Escaped text in which `code` is marked up. */
const prose = (text: unknown): string =>
  escapeHtml(typeof text === 'string' ? text : '').replaceAll(
    /`(?<code>[^`]+)`/gu,
    '<code>$<code></code>',
  );

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const member = (value: unknown, ...path: readonly string[]): unknown => {
  let found = value;
  for (const name of path) {
    found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  return found;
};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const DEPTH_MAX = 5;
const VARIANTS_SHOWN_MAX = 4;

/** A JSON Schema in the notation people write types in. */
function typeText(schema: unknown, depth = 0): string {
  const enumeration = member(schema, 'enum');
  if (Array.isArray(enumeration))
    return enumeration.map((value) => JSON.stringify(value)).join(' | ');
  const constant = member(schema, 'const');
  if (constant !== undefined) return JSON.stringify(constant);
  const variants = [...list(member(schema, 'anyOf')), ...list(member(schema, 'oneOf'))];
  if (variants.length > VARIANTS_SHOWN_MAX) return 'object';
  if (variants.length > 0) return variants.map((part) => typeText(part, depth)).join(' | ');
  const type = member(schema, 'type');
  if (type === 'array') return `${typeText(member(schema, 'items'), depth)}[]`;
  if (type === 'object') return objectText(schema, depth);
  return typeof type === 'string' ? type : 'any';
}

function objectText(schema: unknown, depth: number): string {
  const properties = Object.entries(member(schema, 'properties') ?? {});
  if (properties.length === 0) {
    return `{ [name]: ${typeText(member(schema, 'additionalProperties'), depth)} }`;
  }
  if (depth >= DEPTH_MAX) return 'object';
  const required = new Set(list(member(schema, 'required')));
  const indent = '  '.repeat(depth + 1);
  const lines = properties.map(
    ([name, part]) =>
      `${indent}${name}${required.has(name) ? '' : '?'}: ${typeText(part, depth + 1)}`,
  );
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
}

const bodyOf = (content: unknown): string => {
  const schema = member(content, 'application/json', 'schema');
  return schema === undefined ? '' : `<pre>${escapeHtml(typeText(schema))}</pre>`;
};

function parametersHtml(operation: unknown): string {
  const rows = list(member(operation, 'parameters')).filter(
    (parameter) => member(parameter, 'in') === 'query',
  );
  if (rows.length === 0) return '';
  const items = rows.map((parameter) => {
    const type = escapeHtml(typeText(member(parameter, 'schema')));
    return `<li><code>?${prose(member(parameter, 'name'))}</code> ${type}</li>`;
  });
  return `<ul>${items.join('')}</ul>`;
}

function operationHtml(path: string, method: string, operation: unknown): string {
  const request = bodyOf(member(operation, 'requestBody', 'content'));
  const answers = Object.entries(member(operation, 'responses') ?? {}).map(
    ([status, answer]) =>
      `<dt class="s${status[0]}">${status}</dt><dd>${prose(member(answer, 'description'))}` +
      `${bodyOf(member(answer, 'content'))}</dd>`,
  );
  return (
    `<details><summary><b class="${method}">${method.toUpperCase()}</b> ` +
    `<code>${escapeHtml(path)}</code> <span>${prose(member(operation, 'summary'))}</span></summary>` +
    `<p>${prose(member(operation, 'description'))}</p>${parametersHtml(operation)}` +
    `${request === '' ? '' : `<h4>Body</h4>${request}`}<h4>Answers</h4><dl>${answers.join('')}</dl></details>`
  );
}

const STYLE = `
:root{color-scheme:light dark;--line:#8884;--soft:#8882}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2.5rem}summary{cursor:pointer;padding:.5rem 0}summary span{opacity:.75}
details{border-top:1px solid var(--line)}details[open]{padding-bottom:1rem}
code,pre{font-family:ui-monospace,monospace;font-size:.9em}
pre{background:var(--soft);padding:.75rem;border-radius:.5rem;overflow:auto}
dt{font-weight:600;float:left;clear:left;width:4.5rem}dd{margin:0 0 .5rem 4.5rem}
b{display:inline-block;min-width:4.5rem;font-size:.85em}
`;

export function docsPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = Map.groupBy(operations, ({ operation }) => list(operation['tags'])[0]);
  const html = [...sections].map(
    ([tag, members]) =>
      `<h2>${prose(tag)}</h2>` +
      members.map(({ path, method, operation }) => operationHtml(path, method, operation)).join(''),
  );
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Stormglass API</title>' +
    `<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head><body>` +
    `<h1>Stormglass API</h1><p>${prose(document.info['description'])}</p>` +
    `<p>Machine-readable: <a href="/openapi.json">/openapi.json</a>.</p>${html.join('')}</body></html>`
  );
}
