import type { Zone } from '#rules/calendar.js';
import type { CsvRow } from './csv.js';
import { readAwardTime } from './award-day.js';
import type { BatchField, Places } from './mapping.js';
import { readEmail } from '#domain/recipient.js';
import type { Recipient } from './recipient.js';
import type { RowProblem } from './row-problem.js';

/** The languages of certificates. */
export type RowLanguage = 'en' | 'ko';

/** What a good row says. Its name is for the certificate and goes nowhere else. */
export interface Entry {
  readonly line: number;
  readonly recipient: Recipient;
  readonly name?: string;
  /** When it was achieved, epoch milliseconds; absent where the row does not say. */
  readonly time?: number;
  readonly reason?: string;
  readonly evidence?: string;
  readonly language?: RowLanguage;
}

/** A row that can be acted upon, or everything that is wrong with it. */
export type Checked = { readonly ok: true; readonly entry: Entry } | { readonly ok: false; readonly line: number; readonly problems: readonly RowProblem[]; readonly cells: readonly string[] };

/** What rows are held against. */
export interface CheckSettings {
  readonly places: Places;
  /** Of the days that rows name. */
  readonly zone: Zone;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** As intake takes them; a reason and an address are texts of an event. */
const LONGEST = { learner: 200, name: 200, reason: 500, evidence: 500 } as const;

const CONTROL = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
const TURNING = /[\u202a-\u202e\u2066-\u2069]/u;

const KOREAN = { learner: '학습자 ID', name: '이름', reason: '사유', evidence: '증빙' } as const;
const ENGLISH = { learner: 'learner id', name: 'name', reason: 'reason', evidence: 'evidence' } as const;

const textProblem = (text: string, field: keyof typeof LONGEST): RowProblem | undefined => {
  const [en, ko] = [ENGLISH[field], KOREAN[field]];
  if (CONTROL.test(text)) return { field, en: `the ${en} holds control characters or line breaks`, ko: `${ko}에 제어 문자나 줄바꿈이 있습니다` };
  if (TURNING.test(text)) return { field, en: `the ${en} holds characters that turn the direction of writing`, ko: `${ko}에 글 방향을 바꾸는 문자가 있습니다` };
  if (text.length > LONGEST[field]) return { field, en: `the ${en} is longer than ${LONGEST[field]} characters`, ko: `${ko}이(가) ${LONGEST[field]}자를 넘습니다` };
  return undefined;
};

const LANGUAGES: Readonly<Record<string, RowLanguage>> = {
  en: 'en', eng: 'en', english: 'en', 영어: 'en', 영문: 'en', ko: 'ko', kr: 'ko', kor: 'ko', korean: 'ko', 한국어: 'ko', 한글: 'ko', 국문: 'ko',
};

const isWebAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** What a cell says; nothing where it is empty or there is no such column. */
const cellOf = (cells: readonly string[], place: number | undefined): string | undefined =>
  (place === undefined ? undefined : cells[place]?.trim()) || undefined;

/** Checks one row after another; who comes a second time is told where the first time was. */
export class RowCheck {
  readonly #seen = new Map<string, number>();

  constructor(private readonly settings: CheckSettings) {}

  /** What the row says, or why it cannot be acted upon. */
  check(row: CsvRow): Checked {
    const { line, cells } = row;
    if (!row.ok) return { ok: false, line, problems: [row.problem], cells };
    const { places, zone, now } = this.settings;
    const cell = (field: BatchField): string | undefined => cellOf(cells, places[field]);
    const problems: RowProblem[] = [];
    const text = (field: 'name' | 'reason'): string | undefined => {
      const found = cell(field)?.normalize('NFC');
      const problem = found === undefined ? undefined : textProblem(found, field);
      if (problem !== undefined) problems.push(problem);
      return found;
    };

    const recipient = this.#recipient(cell('learner'), cell('email'), line, problems);
    const name = text('name');
    const reason = text('reason');
    const evidence = cell('evidence');
    if (evidence !== undefined && (textProblem(evidence, 'evidence') !== undefined || !isWebAddress(evidence))) {
      problems.push({ field: 'evidence', en: `the evidence must be an address that begins with https://, of at most ${LONGEST.evidence} characters`, ko: `증빙은 https://로 시작하는 ${LONGEST.evidence}자 이하의 주소여야 합니다` });
    }
    const date = cell('date');
    const read = date === undefined ? undefined : readAwardTime(date, zone, now);
    if (read && !read.ok) problems.push(read.problem);
    const asked = cell('language');
    const language = asked === undefined ? undefined : languageOf(asked);
    if (asked !== undefined && !language) {
      const shown = JSON.stringify(asked.slice(0, 20));
      problems.push({ field: 'language', en: `the language ${shown} is unknown; certificates speak en and ko`, ko: `언어 ${shown}은(는) 알 수 없습니다. 인증서는 en과 ko로 만듭니다` });
    }
    if (problems.length > 0 || !recipient) return { ok: false, line, problems, cells };
    return {
      ok: true,
      entry: {
        line,
        recipient,
        ...(name !== undefined && { name }),
        ...(read?.ok && { time: read.time }),
        ...(reason !== undefined && { reason }),
        ...(evidence !== undefined && { evidence }),
        ...(language && { language }),
      },
    };
  }

  #recipient(learner: string | undefined, mail: string | undefined, line: number, problems: RowProblem[]): Recipient | undefined {
    const problem = learner === undefined ? undefined : textProblem(learner, 'learner');
    const email = mail === undefined ? undefined : readEmail(mail);
    if (problem !== undefined) problems.push(problem);
    else if (learner === undefined && mail === undefined) problems.push({ en: 'nobody is named: there is neither a learner id nor an e-mail address', ko: '누구인지 알 수 없습니다. 학습자 ID도 이메일 주소도 없습니다' });
    else if (learner === undefined && email === undefined) problems.push({ field: 'email', en: 'the e-mail address cannot be one', ko: '이메일 주소의 형식이 아닙니다' });
    if (problems.length > 0) return undefined;
    const recipient: Recipient = learner === undefined ? { email: email as string } : { learner };
    const key = learner === undefined ? `mail ${email as string}` : `id ${learner}`;
    const first = this.#seen.get(key);
    if (first !== undefined) problems.push({ field: learner === undefined ? 'email' : 'learner', en: `the same person is in line ${first}`, ko: `같은 사람이 ${first}번째 줄에 있습니다` });
    else this.#seen.set(key, line);
    return recipient;
  }
}

/** The language of certificates that a text names. */
export const languageOf = (text: string): RowLanguage | undefined => {
  const [tag = ''] = text.trim().toLowerCase().split(/[-_]/);
  return Object.hasOwn(LANGUAGES, tag) ? LANGUAGES[tag] : undefined;
};
