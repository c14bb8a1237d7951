import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

// Every name under dist/assets carries a content hash, so the server may call it immutable. Nothing is inlined and no
// polyfill is injected: the page's content security policy allows neither.
export default defineConfig({
  base: '/',
  // What needs a browser and the binary runs under node's own runner.
  test: { include: ['src/**/*.test.{ts,tsx}'] },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: { input: ['index.html', 'gallery.html'].filter((page) => existsSync(page)) },
  },
});
