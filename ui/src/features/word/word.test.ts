import { describe, expect, it } from 'vitest';
import type { Entity, JsonValue, StudyDoc } from '../../platform/contract.gen';
import { authorsOf, openSuggestions, shortened } from './suggestions';
import { diffText, tokensOf } from './textDiff';

const ops = (was: string, now: string) =>
  diffText(was, now).map(
    (span) => `${{ same: '=', insert: '+', delete: '-' }[span.op]}${span.text}`,
  );

describe('the words of a suggestion', () => {
  it('keep a number with its unit', () => {
    expect(tokensOf('口服 5 mg/d，共12周')).toContain('5 mg/d');
    expect(ops('每日 5 mg 口服', '每日 10 mg 口服')).toEqual([
      '=每日 ',
      '-5 mg',
      '+10 mg',
      '= 口服',
    ]);
  });

  it('give both texts back', () => {
    const [was, now] = [
      '入组 120 例受试者，随访 12 周。',
      '拟入组 150 例受试者，随访 24 周并复查。',
    ];
    const spans = diffText(was, now);
    const side = (leave: string) =>
      spans
        .filter((span) => span.op !== leave)
        .map((span) => span.text)
        .join('');
    expect(side('insert')).toBe(was);
    expect(side('delete')).toBe(now);
  });

  it('say nothing where nothing changes', () => {
    expect(ops('相同', '相同')).toEqual(['=相同']);
    expect(ops('', '新')).toEqual(['+新']);
  });

  it('leave out the long text around', () => {
    const spans = diffText(
      `${'前'.repeat(60)}5 mg${'后'.repeat(60)}`,
      `${'前'.repeat(60)}6 mg${'后'.repeat(60)}`,
    );
    expect(shortened(spans).map((span) => span.text)).toEqual([
      `…${'前'.repeat(24)}`,
      '5 mg',
      '6 mg',
      `${'后'.repeat(24)}…`,
    ]);
  });
});

const entity = (
  id: string,
  kind: string,
  parent: string | null,
  fields: Record<string, JsonValue>,
): Entity => ({
  id,
  kind,
  parent,
  ord: '',
  mark: 'none' as Entity['mark'],
  fields: Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      {
        heads: [{ value } as never],
        conflict: false,
      },
    ]),
  ),
});

describe('open suggestions', () => {
  const doc: StudyDoc = {
    id: 's',
    entities: [
      entity('x1', 'suggestion', 'b2', {
        kind: 'comment',
        author: '李',
        note: '？',
        status: 'open',
      }),
      entity('x2', 'suggestion', 'b1', { kind: 'change', author: '王', from: '5 mg', to: '6 mg' }),
      entity('x3', 'suggestion', 'b1', { kind: 'change', author: '王', status: 'accepted' }),
      entity('x4', 'suggestion', 'b1', {
        kind: 'remove',
        author: '王',
        from: '删',
        status: 'open',
      }),
      entity('c1', 'section', 's', { 'title.zh': '剂量' }),
      entity('b1', 'block', 'c1', {}),
      entity('b2', 'block', 'c1', {}),
    ],
  };

  it('stand in the order of the text', () => {
    const list = openSuggestions(doc, 'zh');
    expect(list.map((one) => one.id)).toEqual(['x2', 'x4', 'x1']);
    expect(list[0]).toMatchObject({ where: '剂量', author: '王' });
    expect(list[1]!.spans).toEqual([{ op: 'delete', text: '删', marks: [] }]);
    expect(list[2]!.spans).toEqual([]);
  });

  it('are counted by author', () => {
    expect(authorsOf(openSuggestions(doc, 'zh'))).toEqual([
      { author: '王', n: 2 },
      { author: '李', n: 1 },
    ]);
  });
});
