import { EditorState, TextSelection } from 'prosemirror-state';
import { describe, expect, it } from 'vitest';
import { openText } from '../base';
import { findPart } from '../places';
import { study } from '../testDoc';
import { toHtml, toPlain } from './copy';
import { insertBlocks, toNodes } from './insert';
import { readHtml, readText } from './readHtml';

const shape = (html: string) =>
  readHtml(html).blocks.map((block) =>
    block.kind === 'table'
      ? block.rows.map((row) => row.cells.map((cell) => `${cell.rich.text}${cell.vm}${cell.span}`))
      : [block.kind, block.level, block.rich.text],
  );

describe('pasting from Word', () => {
  it('takes headings, lists by Word’s own marks, and drops styles', () => {
    expect(
      shape(`<style>p{color:red}</style>
      <h2 style='mso-list:l1 level2 lfo2'><span style='mso-list:Ignore'>1.1&nbsp;</span>目的<o:p></o:p></h2>
      <p class=MsoNormal style='color:red'>首要
        目的</p>
      <p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
        style='mso-list:Ignore'>·<span>&nbsp; </span></span><![endif]>甲</p>
      <p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>（1）</span>乙</p>`),
    ).toEqual([
      ['heading', 0, '目的'],
      ['paragraph', 0, '首要 目的'],
      ['item', 0, '甲'],
      ['item', 1, '乙'],
    ]);
    const [dot, number] = readHtml(
      `<p style='mso-list:l0 level1'><span style='mso-list:Ignore'>o</span>a</p>
       <p style='mso-list:l0 level1'><span style='mso-list:Ignore'>二、</span>b</p>`,
    ).blocks;
    expect([dot, number].map((block) => (block?.kind === 'item' ? block.list : ''))).toEqual([
      'bullet',
      'number',
    ]);
  });

  it('takes tracked changes as accepted and leaves remarks out', () => {
    expect(
      shape(`<p>剂量 <ins>10</ins><del>5</del><span class=msoDel>x</span> mg<a style='mso-comment-reference:A_1'
        href="#_msocom_1">[A1]</a></p><div style='mso-element:comment-list'><p>批注</p></div>`),
    ).toEqual([['paragraph', 0, '剂量 10 mg']]);
  });

  it('keeps marks, counted in characters', () => {
    const [block] = readHtml(`<p>😀<b>粗<i>斜</i></b><a href="https://a.cn">链</a></p>`).blocks;
    expect(block?.kind === 'paragraph' ? block.rich.marks : null).toEqual([
      { from: 1, to: 3, kind: 'b', href: '' },
      { from: 2, to: 3, kind: 'i', href: '' },
      { from: 3, to: 4, kind: 'a', href: 'https://a.cn' },
    ]);
    const [google] = readHtml(`<b style="font-weight:normal"><p>平常</p></b>`).blocks;
    expect(google?.kind === 'paragraph' ? google.rich.marks : null).toEqual([]);
  });

  it('takes tables with merged cells', () => {
    expect(
      shape(`<table><tr><td rowspan=2><p>A</p></td><td colspan=2>B<br>二</td></tr>
        <tr><td>C</td><td>D</td></tr></table>`),
    ).toEqual([
      [
        ['Astart1', 'B\n二2'],
        ['cont1', 'C1', 'D1'],
      ],
    ]);
  });

  it('puts footnotes behind their blocks', () => {
    expect(
      shape(`<p>文<a href="#_ftn1" style='mso-footnote-id:ftn1'><sup>[1]</sup></a>后</p><p>又</p>
        <div id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1">[1]</a> 注</p></div>`),
    ).toEqual([
      ['paragraph', 0, '文后'],
      ['note', 0, '注'],
      ['paragraph', 0, '又'],
    ]);
  });

  it('says which pictures do not come along', () => {
    const large = `data:image/png;base64,${'A'.repeat(2_100_000)}`;
    const clip = readHtml(
      `<p><img src="file:///C:/a.png"><img src="${large}"><img src="data:image/png;base64,AAAA" width=3></p>`,
    );
    expect(clip.n_lost).toBe(2);
    expect(clip.blocks).toMatchObject([
      { kind: 'figure', image: '{"mime":"image/png","data":"AAAA","w":3}' },
    ]);
  });

  it('takes lists of browsers', () => {
    expect(shape('<ul><li>a<ol><li>b</li></ol></li><li><p>c</p><p>d</p></li></ul>')).toEqual([
      ['item', 0, 'a'],
      ['item', 1, 'b'],
      ['item', 0, 'c'],
      ['paragraph', 0, 'd'],
    ]);
  });
});

describe('pasting into the text', () => {
  const given = () =>
    study({
      s1: { b1: { 'text.zh': '甲乙', 'text.en': 'x' }, b2: { 'text.zh': '' } },
    });
  const open = (id: string, offset: number) => {
    const state = EditorState.create({ doc: openText(given(), 'zh').doc });
    const pos = findPart(state.doc, id)!.pos + 1 + offset;
    return state.apply(state.tr.setSelection(TextSelection.create(state.doc, pos)));
  };
  const texts = (state: EditorState) =>
    state.doc.firstChild!.children.slice(1).map((block) => block.textContent);
  const paste = (state: EditorState, clip: ReturnType<typeof readText>, isMove = false) =>
    state.apply(
      insertBlocks(
        state,
        toNodes(clip, isMove, (id) => id !== 'gone'),
        new Set(),
      ),
    );

  it('makes a paragraph of each plain line', () => {
    expect(texts(paste(open('b1', 1), readText('一\r\n\n二')))).toEqual(['甲一', '二', '乙', '']);
  });

  it('puts a line into the line', () => {
    expect(texts(paste(open('b1', 1), readText('一')))).toEqual(['甲一乙', '']);
  });

  it('gives an empty block’s place and id to the first', () => {
    const state = paste(open('b2', 0), readHtml('<h1>目的</h1><p>文</p>'));
    expect(texts(state)).toEqual(['甲乙', '目的', '文']);
    expect(findPart(state.doc, 'b2')!.node.type.name).toBe('heading');
  });

  it('brings our own blocks back whole, with new ids unless they were cut', () => {
    const source = openText(
      study({
        s1: {
          b: { type: 'item', level: 2, list: 'number', 'text.zh': '项  二', 'text.en': 'item' },
        },
      }),
      'zh',
    ).doc;
    const html = toHtml(source.content, document, 'cut1').outerHTML;
    const clip = readHtml(html);
    expect(clip.cut).toBe('cut1');
    const [, copy] = toNodes(clip, false, () => false);
    expect(copy!.attrs).toMatchObject({ level: 2, list: 'number', other: 'item' });
    expect(copy!.textContent).toBe('项  二');
    expect(copy!.attrs.id).not.toBe('b');
    const [, moved] = toNodes(clip, true, () => false);
    expect(moved!.attrs.id).toBe('b');
    const [, here] = toNodes(clip, true, () => true);
    expect(here!.attrs.id).not.toBe('b');
  });

  it('is copied as plain text with tabs between cells', () => {
    const { doc } = openText(
      study({ s1: { r: { type: 'row', table: 't', 'text.zh': 'a\tb' }, p: { 'text.zh': 'c' } } }),
      'zh',
    );
    expect(toPlain(doc.slice(0, doc.content.size))).toBe('s1\na\tb\nc');
  });
});
