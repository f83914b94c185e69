// Makes src/lib/labels.gen.ts from crates/model/labels/*.tsv (key, Chinese, English).
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ui = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(ui, '../crates/model/labels');
const rows = new Map();
for (const file of readdirSync(folder).filter((name) => name.endsWith('.tsv')).sort()) {
  readFileSync(join(folder, file), 'utf8').split('\n').forEach((line, n) => {
    if (!line.trim() || line.startsWith('#')) return;
    const cells = line.split('\t');
    if (cells.length !== 3 || cells.some((cell) => !cell.trim())) throw new Error(`${file}:${n + 1}: three cells wanted`);
    if (rows.has(cells[0])) throw new Error(`${file}:${n + 1}: the key ${cells[0]} is there twice`);
    rows.set(cells[0], { zh: cells[1], en: cells[2] });
  });
}
const lines = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, words]) => `  ${JSON.stringify(key)}: { zh: ${JSON.stringify(words.zh)}, en: ${JSON.stringify(words.en)} },`);
writeFileSync(
  join(ui, 'src/lib/labels.gen.ts'),
  `// Made by \`cargo xtask gen\` from crates/model/labels; do not edit.\nexport const LABELS = {\n${lines.join('\n')}\n} as const;\nexport type LabelKey = keyof typeof LABELS;\n`,
);
