// The studio's build. In development the API comes from the server at port 4600.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

const server = { target: 'http://127.0.0.1:4600', ws: true };
const proxy = { '/api': server, '/healthz': server };

// The studio speaks English; the accessible words of its components come in thirty languages.
const englishOnly: Plugin = {
  name: 'english-only',
  load: (id) =>
    /\/react-aria\/.*\/[a-z]{2}-[A-Z]{2}\.m?js$/u.test(id) && !id.includes('en-US')
      ? 'export default {};'
      : null,
};

/**
 * Parts of libraries that the studio never calls, replaced by functions that answer nothing: how zod
 * describes schemas to others (the server's matter), and how d3 fades colours (here nothing does).
 */
const neverCalled =
  /\/(?:zod\/v4\/core\/(?:to-json-schema|json-schema-processors)\.js|d3-color\/dist\/d3-color\.mjs)$/u;
const exportedNames = /^export (?:const |function |\{)(?<names>[\w ,$]+)/gmu;

const withoutNeverCalled: Plugin = {
  name: 'without-never-called',
  transform: (code, id) => {
    if (!neverCalled.test(id)) return null;
    const names = [...code.matchAll(exportedNames)]
      .flatMap((match) => match.groups?.['names']?.split(',') ?? [])
      .map((name) => `none as ${name.split(' as ').at(-1)?.trim()}`);
    return { code: `function none() {}\nexport { ${names.join(', ')} };`, map: null };
  },
};

export default defineConfig({
  plugins: [react(), englishOnly, withoutNeverCalled],
  server: { proxy },
  preview: { proxy },
  // Small files inlined as data: would need a wider content security policy.
  build: { target: 'es2024', assetsInlineLimit: 0 },
});
