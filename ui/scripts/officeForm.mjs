// An office's own application as a Word file, made here, for the screens that show one.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** Files packed into one, unpressed. */
function packed(files) {
  const parts = [];
  const list = [];
  let offset = 0;
  for (const [name, text] of files) {
    const [named, bytes] = [Buffer.from(name), Buffer.from(text)];
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt32LE(0x00210000, 6);
    facts.writeUInt32LE(crc32(bytes), 10);
    facts.writeUInt32LE(bytes.length, 14);
    facts.writeUInt32LE(bytes.length, 18);
    facts.writeUInt16LE(named.length, 22);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), facts, named, bytes);
    const at = Buffer.alloc(14);
    at.writeUInt32LE(offset, 10);
    list.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, at, named);
    offset += 30 + named.length + bytes.length;
  }
  const listed = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listed, end]);
}

const cell = (text) => `<w:tc><w:p>${text ? `<w:r><w:t>${text}</w:t></w:r>` : ''}</w:p></w:tc>`;
const row = (...cells) => `<w:tr>${cells.map(cell).join('')}</w:tr>`;

/** Writes the form into a folder of its own; gives its path. */
export function officeForm() {
  const rows = [
    row('研究项目名称', ''),
    row('项目编号', ''),
    row('研究类型', '□干预性研究 □观察性研究 □其他'),
    row('主要研究者姓名', '', '联系电话', ''),
    row('专业科室', ''),
    row('申办者', ''),
    row('本中心例数', '', '总例数', ''),
    row('年龄范围', ''),
    row('受试者得到的补偿', ''),
    row('科教处意见', ''),
  ];
  const body = `<w:p><w:r><w:t>示范医院伦理审查申请表</w:t></w:r></w:p><w:tbl>${rows.join('')}</w:tbl><w:p/>`;
  const w = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
  const of = 'http://schemas.openxmlformats.org';
  const bytes = packed([
    [
      '[Content_Types].xml',
      `<Types xmlns="${of}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    ],
    [
      '_rels/.rels',
      `<Relationships xmlns="${of}/package/2006/relationships"><Relationship Id="rId1" Type="${of}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    ],
    ['word/document.xml', `<w:document xmlns:w="${w}"><w:body>${body}</w:body></w:document>`],
  ]);
  const path = join(mkdtempSync(join(tmpdir(), 'pidesk-')), '伦理审查申请表.docx');
  writeFileSync(path, bytes);
  return path;
}
