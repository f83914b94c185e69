// Builds the interface into `dist`; the same files are shown by the window and by the test host.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  clearScreen: false,
  server: {
    host: '127.0.0.1',
    port: 1420,
    strictPort: true,
    // A test reads a calendar that the tests of crates/exchange compare.
    // The help shows the user's pages.
    fs: { allow: ['.', '../crates/exchange/tests/data', '../docs/user'] },
  },
  build: {
    target: 'es2022',
    // The content policy allows no inline script, style or data, apart from pictures.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/testSetup.ts'],
  },
});
