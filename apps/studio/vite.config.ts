// The studio's build. In development the API comes from the server at port 4600.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = { target: 'http://127.0.0.1:4600', ws: true };
const proxy = { '/api': server, '/healthz': server };

export default defineConfig({
  plugins: [react()],
  server: { proxy },
  preview: { proxy },
  // Small files inlined as data: would need a wider content security policy.
  build: { target: 'es2024', assetsInlineLimit: 0 },
});
