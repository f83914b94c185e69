// Lint rules; the layers may import downwards only: platform < lib < state < ui < features < App.
import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const above = {
  platform: ['lib', 'state', 'ui', 'features'],
  lib: ['state', 'ui', 'features'],
  state: ['ui', 'features'],
  ui: ['features'],
};

const layers = Object.entries(above).map(([layer, forbidden]) => ({
  files: [`src/${layer}/**/*.{ts,svelte}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { group: forbidden.map((name) => `**/${name}/**`), message: 'Import downwards only.' },
          ...(layer === 'platform'
            ? []
            : [{ group: ['@tauri-apps/*'], message: 'Only platform/ knows the window.' }]),
        ],
      },
    ],
  },
}));

export default ts.config(
  { ignores: ['dist', 'node_modules', 'src/**/*.gen.ts', 'shots'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    files: ['src/features/**', 'src/App.svelte', 'src/main.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['@tauri-apps/*'], message: 'Only platform/ knows the window.' }] },
      ],
    },
  },
  ...layers,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'svelte/no-at-html-tags': 'error',
      'svelte/require-each-key': 'error',
      // Sets and maps are replaced whole, never changed in place.
      'svelte/prefer-svelte-reactivity': 'off',
      'no-console': 'error',
    },
  },
  { files: ['scripts/**'], rules: { 'no-console': 'off' } },
);
