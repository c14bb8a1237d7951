import { existsSync } from 'node:fs';
import { defineConfig } from 'vite';

// Every name under dist/assets carries a content hash, so the server may call it immutable. Nothing is inlined and no
// polyfill is injected: the page's content security policy allows neither.
export default defineConfig({
  base: '/',
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: { input: ['index.html', 'gallery.html'].filter((page) => existsSync(page)) },
  },
});
