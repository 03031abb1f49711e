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

export default defineConfig({
  plugins: [react(), englishOnly],
  server: { proxy },
  preview: { proxy },
  // Small files inlined as data: would need a wider content security policy.
  build: { target: 'es2024', assetsInlineLimit: 0 },
});
