// The open text: its view, its language, its saving, and what came in from elsewhere.
import { history } from 'prosemirror-history';
import { gapCursor } from 'prosemirror-gapcursor';
import {
  EditorState,
  Plugin,
  TextSelection,
  type Command,
  type Transaction,
} from 'prosemirror-state';
import type { Node as PmNode } from 'prosemirror-model';
import { EditorView } from 'prosemirror-view';
import type { Draft, Entity, Lang } from '../../../../platform/contract.gen';
import { t } from '../../../../lib/words';
import { noteEdit } from '../../../../state/openEdits';
import type { StudySession } from '../../../../state/study.svelte';
import { toasts } from '../../../../state/toasts.svelte';
import { step } from '../../../../state/undo';
import { otherOf } from './build';
import { freshBlock, unitSize } from './commands';
import { guard } from './guard';
import { takeIn } from './incoming';
import { insertNote } from './insertParts';
import { keys, rules } from './keys';
import { clipboard, insertPictures } from './paste/clipboard';
import { findPart, putText, readCaret } from './places';
import { aboutOf, ABOUT, remarks, type About } from './remarks';
import { readRich } from './rich';
import { Saver } from './saver.svelte';
import { nodes } from './schema';
import { standAt, type Stand } from './stand';
import { nodeViews, type ViewDoors } from './views';

/** What the caret keeps free when it is scrolled into sight. Units: pixels. */
const EDGES = { top: 72, bottom: 32, left: 0, right: 0 };

export interface EditingDoors {
  say: ViewDoors['say'];
  guidance: (key: string) => string;
  more: (section: Entity) => boolean;
  link: () => void;
  toolbar: () => void;
  /** Another language is being written now. */
  switched: (lang: Lang) => void;
}

export class Editing {
  lang = $state<Lang>('zh');
  beside = $state(false);
  /** Where the caret stands; for the toolbar and the outline. */
  stand = $state.raw<Stand | null>(null);
  hasFocus = $state(false);
  view: EditorView | null = null;
  readonly saver: Saver;
  /** Sections whose reason for not applying is being written. */
  opened = $state.raw<ReadonlySet<string>>(new Set());
  #into: HTMLElement | null = null;
  #forget: (() => void) | undefined;
  #block = '';
  #isLate = false;
  /** The text as it was when the view went. */
  #last: PmNode = nodes.doc!.create();
  #about: About = { blocks: new Set(), sections: new Set() };

  constructor(
    readonly session: StudySession,
    private readonly doors: EditingDoors,
  ) {
    this.saver = new Saver(session, {
      doc: () => this.view?.state.doc ?? this.#last,
      lang: () => this.lang,
      isComposing: () => this.view?.composing ?? false,
    });
  }

  /** Opens the text in an element. */
  open(into: HTMLElement, lang: Lang, beside: boolean): void {
    this.#into = into;
    this.lang = lang;
    this.beside = beside;
    this.#build();
    this.#forget = noteEdit(() => this.#keepAll());
  }

  #build(): void {
    performance.mark('protocol-open');
    const doc = this.saver.open(this.lang);
    this.#about = this.#findAbout();
    this.view = new EditorView(this.#into!, {
      state: EditorState.create({ doc, plugins: this.#plugins() }),
      nodeViews: nodeViews(this.#viewDoors()),
      // The toolbar stands over the top of the text.
      scrollThreshold: EDGES,
      scrollMargin: EDGES,
      attributes: () => ({
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': t('ui.editor.label'),
        'data-testid': 'protocol-text',
        spellcheck: 'false',
        class: this.beside ? 'beside' : 'alone',
      }),
      dispatchTransaction: (tr) => this.#dispatch(tr),
      handleDOMEvents: {
        focus: () => {
          this.hasFocus = true;
          return false;
        },
        blur: (_, event) => {
          this.hasFocus = false;
          // Buttons of the text itself do not end the writing.
          if (!this.#into?.contains(event.relatedTarget as Node | null)) void this.saver.flush();
          return false;
        },
        compositionend: () => {
          setTimeout(() => void this.#composed());
          return false;
        },
      },
    });
    this.stand = standAt(this.view.state);
    performance.measure('protocol-open', 'protocol-open');
  }

  #plugins(): Plugin[] {
    return [
      rules(),
      keys({
        lang: () => this.lang,
        save: () => void this.saver.flush(),
        step: (way) => void this.saver.flush().then(() => step(way)),
        history: () => this.showHistory(),
        link: this.doors.link,
        note: () => this.run(insertNote),
        toolbar: this.doors.toolbar,
        language: () => void this.switchLang(otherOf(this.lang)),
        leave: () => this.view?.dom.blur(),
      }),
      clipboard({ lost: (n) => this.#lost(n) }),
      guard(() => this.lang),
      history(),
      gapCursor(),
      remarks(this.#about),
    ];
  }

  #viewDoors(): ViewDoors {
    return {
      lang: () => this.lang,
      beside: () => this.beside,
      word: (key) =>
        t(
          {
            blank: 'ui.block.empty',
            untitled: 'ui.section.untitled',
            picture: 'ui.editor.picture',
            begin: 'ui.block.empty',
          }[key] as 'ui.block.empty',
        ),
      guidance: this.doors.guidance,
      cross: (id) => void this.switchLang(otherOf(this.lang), id),
      begin: (section) => this.begin(section),
      say: this.doors.say,
    };
  }

  #dispatch(tr: Transaction): void {
    const view = this.view!;
    view.updateState(view.state.apply(tr));
    const incoming = Boolean(tr.getMeta('incoming'));
    if (tr.docChanged && !incoming) {
      this.saver.changed();
      // A part that is new, moved or gone is saved at once; typing waits for the block to be left.
      if (this.saver.isMoved) queueMicrotask(() => void this.saver.flush());
    }
    const stand = standAt(view.state);
    if (stand.key !== this.stand?.key || tr.storedMarksSet || tr.docChanged) this.stand = stand;
    const left = this.#block !== '' && this.#block !== stand.block;
    this.#block = stand.block;
    if (left && !incoming) queueMicrotask(() => void this.saver.flush());
  }

  async #composed(): Promise<void> {
    if (this.view?.composing) return;
    await this.saver.resume();
    if (this.#isLate) this.came();
  }

  /** Takes in the study as the session now holds it. */
  came(): void {
    const view = this.view;
    const study = this.session.doc;
    if (!view || !study) return;
    if (view.composing || this.saver.isBusy || this.saver.isMoved) {
      this.#isLate = true;
      if (!view.composing) void this.saver.flush().then(() => this.#cameLate());
      return;
    }
    this.#isLate = false;
    readCaret(view);
    const { tr, base } = takeIn(view.state, this.saver.base, study, this.lang);
    this.saver.base = base;
    if (tr) view.dispatch(tr);
    this.refreshAbout();
  }

  /** After a save; one that failed is tried again later, not at once. */
  #cameLate(): void {
    if (this.#isLate && !this.saver.problem) setTimeout(() => this.came());
  }

  #findAbout(): About {
    return aboutOf(this.session.doc!, {
      drafts: this.session.drafts,
      more: this.doors.more,
      opened: this.opened,
    });
  }

  /** Looks again which parts have something to say. */
  refreshAbout(): void {
    const about = this.#findAbout();
    const same = (a: Set<string>, b: Set<string>) =>
      a.size === b.size && [...a].every((id) => b.has(id));
    if (same(about.blocks, this.#about.blocks) && same(about.sections, this.#about.sections))
      return;
    this.#about = about;
    const { view } = this;
    if (view) readCaret(view);
    view?.dispatch(view.state.tr.setMeta(ABOUT, about).setMeta('incoming', true));
  }

  /** Runs a command and gives the text the keyboard. */
  run(command: Command): void {
    const { view } = this;
    if (!view) return;
    command(view.state, (tr) => view.dispatch(tr), view);
    view.focus();
  }

  /** Writes in the other language, at the same part. */
  async switchLang(lang: Lang, at?: string): Promise<void> {
    if (lang === this.lang) return;
    await this.#rebuild(() => (this.lang = lang), at);
  }

  async showBoth(beside: boolean): Promise<void> {
    if (beside !== this.beside) await this.#rebuild(() => (this.beside = beside));
  }

  /** Draws everything anew, in the words of the interface's language. */
  async redraw(): Promise<void> {
    await this.#rebuild(() => undefined);
  }

  async #rebuild(change: () => void, at?: string): Promise<void> {
    const { view } = this;
    if (!view) return;
    await this.saver.flush(true);
    // What could not be saved would be lost with the view.
    if (this.saver.problem) return;
    const part = at ?? this.stand?.part ?? '';
    const had = this.hasFocus || at !== undefined;
    const scroll = this.#into?.closest('[role=tabpanel]');
    const top = part ? this.#topOf(part) : null;
    view.destroy();
    change();
    this.#build();
    this.doors.switched(this.lang);
    if (had && part) this.go(part, false);
    const align = () => {
      const now = part ? this.#topOf(part) : null;
      if (scroll && top !== null && now !== null) scroll.scrollTop += now - top;
    };
    align();
    // Sections that come into sight get their true height only now.
    requestAnimationFrame(align);
    this.came();
  }

  #topOf(part: string): number | null {
    const element = this.#into?.querySelector(`[data-entity="${CSS.escape(part)}"]`);
    return element?.getBoundingClientRect().top ?? null;
  }

  /** Puts the caret into a part. */
  go(part: string, scroll = true): void {
    const { view } = this;
    const found = view && findPart(view.state.doc, part);
    if (!view || !found) return;
    const at = found.node.isTextblock ? found.pos + 1 + found.node.content.size : found.pos + 2;
    const tr = view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(at)));
    view.dispatch(scroll ? tr.scrollIntoView() : tr);
    view.focus();
  }

  /** Begins to write at the start of a section. */
  begin(section: string): void {
    const { view } = this;
    const found = view && findPart(view.state.doc, section);
    if (!view || !found) return;
    const at = found.pos + 1 + found.node.firstChild!.nodeSize;
    const tr = view.state.tr.insert(at, freshBlock(nodes.paragraph!));
    view.dispatch(tr.setSelection(TextSelection.create(tr.doc, at + 1)).scrollIntoView());
    view.focus();
  }

  /** Archives a block or the table of a row, with the notes behind it. */
  remove(part: string): void {
    const { view } = this;
    const found = view && findPart(view.state.doc, part);
    if (!view || !found) return;
    const place = view.state.doc.resolve(found.pos);
    const pos = place.depth > 1 ? place.before(2) : found.pos;
    const child = view.state.doc.resolve(pos);
    let end = pos;
    const n = unitSize(child.parent, child.index());
    for (let i = 0; i < n; i += 1) end += child.parent.child(child.index() + i).nodeSize;
    view.dispatch(view.state.tr.delete(pos, end));
    view.focus();
  }

  /** Puts what was typed and never saved back into the text, over what it started from. */
  async resumeDraft(draft: Draft): Promise<void> {
    const lang = draft.field.endsWith('.en') ? 'en' : 'zh';
    await this.switchLang(lang, draft.entity);
    const { view } = this;
    const found = view && findPart(view.state.doc, draft.entity);
    const held = this.saver.base.held.get(draft.entity);
    if (!view || !found || !held) return;
    held.seen = { ...held.seen, [draft.field]: draft.seen };
    const tr = putText(view.state.tr, found, readRich(draft.value));
    this.session.drafts = this.session.drafts.filter((other) => other !== draft);
    view.dispatch(tr);
    this.refreshAbout();
    this.go(draft.entity);
  }

  showHistory(): void {
    const { stand } = this;
    if (!stand?.part) return;
    const isTitle = stand.part === stand.section;
    const field = `${isTitle ? 'title' : 'text'}.${this.lang}`;
    void this.saver.flush().then(() => {
      this.session.history = { entity: stand.part, field, title: stand.words };
    });
  }

  addPictures(files: File[]): void {
    if (this.view) void insertPictures(this.view, files, { lost: (n) => this.#lost(n) });
  }

  #lost(n: number): void {
    toasts.say(t('ui.editor.lost', { n }));
  }

  async #keepAll(): Promise<void> {
    await this.saver.flush(true);
    await this.saver.keep();
  }

  close(): void {
    this.#forget?.();
    if (this.view) {
      this.#last = this.view.state.doc;
      void this.saver.flush(true);
    }
    this.saver.stop();
    this.view?.destroy();
    this.view = null;
  }

  /** The id of the section that the caret is in; empty when there is none. */
  get section(): string {
    return this.stand?.section ?? '';
  }
}
