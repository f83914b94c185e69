// The larger parts that the program is made with; the whole list is in docs/adr/0002-dependencies.md.
import type { LabelKey } from '../../lib/words';

export const LICENCES: readonly { name: string; use: LabelKey; licence: string }[] = [
  { name: 'SQLCipher, rusqlite', use: 'ui.about.use.store', licence: 'BSD-3-Clause, MIT' },
  { name: 'OpenSSL', use: 'ui.about.use.store', licence: 'Apache-2.0' },
  {
    name: 'RustCrypto, ed25519-dalek',
    use: 'ui.about.use.crypto',
    licence: 'MIT / Apache-2.0, BSD-3-Clause',
  },
  { name: 'rustls, ring', use: 'ui.about.use.net', licence: 'Apache-2.0 / ISC / MIT' },
  { name: 'Tokio, hyper', use: 'ui.about.use.net', licence: 'MIT' },
  { name: 'Typst, printpdf', use: 'ui.about.use.pdf', licence: 'Apache-2.0, MIT' },
  { name: 'Noto Sans, Noto Serif', use: 'ui.about.use.fonts', licence: 'OFL-1.1' },
  { name: 'Tauri', use: 'ui.about.use.window', licence: 'MIT / Apache-2.0' },
  { name: 'Svelte, virtua', use: 'ui.about.use.face', licence: 'MIT' },
  { name: 'Lucide', use: 'ui.about.use.icons', licence: 'ISC' },
];
