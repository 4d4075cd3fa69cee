import { autocompletion, completionKeymap, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, isolateHistory, redo, redoDepth, undo, undoDepth } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import { placeAt } from './place.ts';
import type { Suggestion } from './suggestions.ts';

/** A mark at a place of the text; lines and columns count from 1. */
export interface Mark {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly severity: 'error' | 'warning' | 'info';
}

/** What one can do with an editor from outside. */
export interface EditorHandle {
  /** Makes the text another one, as one step that can be undone. */
  readonly apply: (text: string) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Shows a place. */
  readonly goTo: (line: number, column: number) => void;
}

interface Asked {
  readonly text: string;
  readonly label: string;
  readonly readOnly: boolean;
  readonly marks: readonly Mark[];
  readonly onChange: (text: string, steps: { readonly undo: number; readonly redo: number }) => void;
  /** What may stand at a place; none where absent. */
  readonly suggest?: (path: readonly (string | number)[], isKey: boolean) => readonly Suggestion[];
  readonly handle: Ref<EditorHandle>;
}

const LOOK = EditorView.theme({
  '&': { fontSize: '0.875rem', backgroundColor: 'var(--surface)', color: 'var(--ink)', height: '100%' },
  '.cm-scroller': { fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace, "Noto Sans KR Variable"', lineHeight: '1.6', overflow: 'auto' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--quiet)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--accent) 7%, transparent)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': { backgroundColor: 'color-mix(in srgb, var(--accent) 25%, transparent) !important' },
  '.cm-tooltip': { backgroundColor: 'var(--surface)', color: 'var(--ink)', border: '1px solid var(--line)', borderRadius: '6px', boxShadow: 'var(--shadow)', maxWidth: '28rem' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--on-accent)' },
  '.cm-completionDetail': { color: 'inherit', opacity: '0.8', fontStyle: 'normal', marginLeft: '0.75em' },
  '.cm-diagnostic': { borderLeftWidth: '3px', padding: '4px 10px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--wrong)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--near)' },
  '.cm-diagnostic-info': { borderLeftColor: 'var(--accent)' },
});

const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.content], color: 'var(--ink)' },
  { tag: tags.comment, color: 'var(--quiet)', fontStyle: 'italic' },
  { tag: [tags.keyword, tags.meta], color: 'var(--near)' },
]);

/** What an editor is to who uses it, which changes while it is open. */
const ROLE = new Compartment();
const roleOf = (readOnly: boolean, label: string): Extension => [EditorState.readOnly.of(readOnly), EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' })];

/** What differs between two texts, as one piece. */
const difference = (before: string, after: string): { readonly from: number; readonly to: number; readonly insert: string } => {
  let from = 0;
  while (from < before.length && from < after.length && before[from] === after[from]) from += 1;
  let tail = 0;
  while (tail < before.length - from && tail < after.length - from && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return { from, to: before.length - tail, insert: after.slice(from, after.length - tail) };
};

const offsetOf = (state: EditorState, line: number, column: number): number => {
  const { from, to } = state.doc.line(Math.min(Math.max(1, line), state.doc.lines));
  return Math.min(from + Math.max(0, column - 1), to);
};

/**
 * The text of a rule or of its cases. It lives in a shadow root: there its styles are adopted, which the pages' strict Content Security
 * Policy lets, where a style element in the page would be refused.
 */
export const TextEditor = ({ text, label, readOnly, marks, onChange, suggest, handle }: Asked) => {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  // The editor is made once; what it calls is always the newest.
  const newest = useRef({ text, onChange, suggest });
  useEffect(() => {
    newest.current = { text, onChange, suggest };
  });
  useEffect(() => {
    const host = place.current;
    if (!host) return;
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    const complete = (context: CompletionContext): CompletionResult | null => {
      const { path, isKey, written, from } = placeAt(context.state.doc.toString(), context.pos);
      const options = newest.current.suggest?.(path, isKey) ?? [];
      if (options.length === 0 || (!context.explicit && written === '' && isKey && path.length === 0)) return null;
      return { from, options: options.map(({ label: word, about, isKey: key }) => ({ label: word, ...(about !== undefined && { detail: about }), type: key ? 'property' : 'enum', ...(key && { apply: `${word}: ` }) })), validFor: /^[\w-]*$/ };
    };
    const made = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: newest.current.text,
        extensions: [
          lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), highlightActiveLine(), lintGutter(), yaml(), syntaxHighlighting(COLOURS), LOOK,
          ROLE.of([]),
          autocompletion({ override: [complete] }),
          keymap.of([...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) newest.current.onChange(state.doc.toString(), { undo: undoDepth(state), redo: redoDepth(state) });
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
    // The text is the editor's own once it is made: only `apply` changes it. Nor does another language make it anew, or what can be undone were lost.
  }, []);
  useEffect(() => void view.current?.dispatch({ effects: ROLE.reconfigure(roleOf(readOnly, label)) }), [readOnly, label]);
  useEffect(() => {
    const made = view.current;
    if (!made) return;
    const found = marks.map(({ line, column, message, severity }) => {
      const from = offsetOf(made.state, line, column);
      return { from, to: Math.max(from, Math.min(made.state.doc.lineAt(from).to, from + 1)), message, severity };
    });
    made.dispatch(setDiagnostics(made.state, found));
  }, [marks]);
  useImperativeHandle(handle, () => ({
    apply: (changed) => {
      const made = view.current;
      if (!made || made.state.readOnly) return;
      made.dispatch({ changes: difference(made.state.doc.toString(), changed), annotations: isolateHistory.of('full'), userEvent: 'input' });
    },
    undo: () => void (view.current && undo(view.current)),
    redo: () => void (view.current && redo(view.current)),
    goTo: (line, column) => {
      const made = view.current;
      if (!made) return;
      made.dispatch({ selection: { anchor: offsetOf(made.state, line, column) }, scrollIntoView: true });
      made.focus();
    },
  }), []);
  return <div ref={place} className="h-full min-h-0" />;
};
