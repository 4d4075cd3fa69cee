import { ProofmarkError } from '#domain/errors.js';

/** What a column of a batch can say, with what it is for. */
export const BATCH_FIELDS = {
  learner: 'the learner, as your class systems name them',
  email: 'an e-mail address, where there is no learner id; it is not kept',
  name: 'the name on the certificate; it is not kept',
  date: 'when it was achieved',
  reason: 'why the badge is given; it becomes part of the badge',
  evidence: 'an address at which the evidence stands; it becomes part of the badge',
  language: 'of the certificate: en or ko',
} as const;
export type BatchField = keyof typeof BATCH_FIELDS;

const FIELDS = Object.keys(BATCH_FIELDS) as readonly BatchField[];

/** Which column says what, by the columns' names. */
export type Mapping = Readonly<Partial<Record<BatchField, string>>>;

/** Which column says what, by their places from 0. */
export type Places = Readonly<Partial<Record<BatchField, number>>>;

/** What people call these columns, in the form that `plainName` gives; better ones first. */
const SYNONYMS: Readonly<Record<BatchField, readonly string[]>> = {
  learner: [
    'learner', 'learnerid', 'studentid', 'studentnumber', 'studentno', 'employeeid', 'employeenumber', 'employeeno', 'staffid', 'userid', 'memberid', 'personid', 'recipientid', 'id',
    '학번', '사번', '사원번호', '직원번호', '학습자id', '학습자', '수강생번호', '회원번호', '아이디',
  ],
  email: ['email', 'emailaddress', 'mail', 'recipientemail', '이메일', '이메일주소', '메일', '메일주소', '전자우편'],
  name: [
    'name', 'fullname', 'recipientname', 'learnername', 'studentname', 'employeename', 'recipient', 'displayname',
    '이름', '성명', '성함', '수강생명', '수료자명', '학생명', '한글이름', '한글성명', '수강생', '수료자', '학생',
  ],
  date: [
    'date', 'awarddate', 'awardedon', 'issuedate', 'issuedon', 'dateofissue', 'completiondate', 'completedon', 'completed', 'earnedon', 'dateearned',
    '수료일', '수료일자', '수료날짜', '발급일', '발급일자', '취득일', '취득일자', '완료일', '이수일', '이수일자', '수여일', '날짜', '일자',
  ],
  reason: ['reason', 'why', 'comment', 'note', 'citation', 'justification', '사유', '수여사유', '발급사유', '이유', '내용', '비고'],
  evidence: ['evidence', 'evidenceurl', 'evidencelink', 'proof', 'link', 'url', '증빙', '증빙자료', '증빙url', '증빙링크', '근거', '링크'],
  language: ['language', 'lang', 'locale', 'certificatelanguage', '언어', '인증서언어', '수료증언어'],
};

/** A column's name without what people write differently: case, spaces, hyphens, brackets. */
const plainName = (column: string): string => column.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Guesses from the columns' names which says what; what it cannot tell is left out. */
export const suggestMapping = (columns: readonly string[]): Mapping => {
  const mapping: Partial<Record<BatchField, string>> = {};
  for (const field of FIELDS) {
    const ranked = columns
      .map((column) => ({ column, rank: SYNONYMS[field].indexOf(plainName(column)) }))
      .filter(({ column, rank }) => rank >= 0 && columns.filter((other) => other === column).length === 1)
      .sort((a, b) => a.rank - b.rank);
    const [best] = ranked;
    if (best) mapping[field] = best.column;
  }
  return mapping;
};

const isField = (name: string): name is BatchField => Object.hasOwn(BATCH_FIELDS, name);

/** A mapping that somebody wrote, member by member. @throws ProofmarkError USAGE for what is no field. */
export const readMapping = (entries: Iterable<readonly [string, string]>): Mapping => {
  const mapping: Partial<Record<BatchField, string>> = {};
  for (const [field, column] of entries) {
    if (!isField(field)) throw new ProofmarkError('USAGE', `"${field}" is nothing that a column can say; these are: ${FIELDS.join(', ')}.`);
    mapping[field] = column;
  }
  return mapping;
};

/** The guess, changed by what somebody said; an empty column name takes a field out. */
export const changedMapping = (suggested: Mapping, changes: Mapping): Mapping => {
  const taken = new Set(Object.values(changes));
  const kept = Object.entries(suggested).filter(([, column]) => !taken.has(column));
  return Object.fromEntries(Object.entries({ ...Object.fromEntries(kept), ...changes }).filter(([, column]) => column !== ''));
};

/**
 * Finds the columns of a mapping.
 * @throws ProofmarkError USAGE where a column is not there, there twice or used twice, or no column says who.
 */
export const placesOf = (mapping: Mapping, columns: readonly string[]): Places => {
  const places: Partial<Record<BatchField, number>> = {};
  for (const field of FIELDS) {
    const column = mapping[field];
    if (column === undefined) continue;
    const place = columns.indexOf(column);
    if (place < 0) throw new ProofmarkError('USAGE', `The file has no column "${column}" (for ${field}); it has: ${columns.join(', ')}.`);
    if (columns.includes(column, place + 1)) throw new ProofmarkError('USAGE', `The file has two columns "${column}" (for ${field}). Give them different names.`);
    const other = FIELDS.find((one) => places[one] === place);
    if (other) throw new ProofmarkError('USAGE', `The column "${column}" cannot be both ${other} and ${field}.`);
    places[field] = place;
  }
  if (places.learner === undefined && places.email === undefined) {
    throw new ProofmarkError('USAGE', `No column says who gets the badge. Name one: map "learner" (an id) or "email" to one of: ${columns.join(', ')}.`);
  }
  return places;
};
