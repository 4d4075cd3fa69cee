import type { Words } from '#rules/words.js';

/** What a finding does to the verdict. */
export type Effect = 'invalid' | 'unsupported' | 'maker-unknown' | 'revoked' | 'suspended' | 'expired' | 'status-unknown';

interface ReasonEntry extends Words {
  readonly result: 'passed' | 'failed' | 'not-checked';
  readonly effect?: Effect;
}

const passed = (en: string, ko: string): ReasonEntry => ({ result: 'passed', en, ko });
const failed = (effect: Effect, en: string, ko: string): ReasonEntry => ({ result: 'failed', effect, en, ko });
const open = (effect: Effect | undefined, en: string, ko: string): ReasonEntry => ({ result: 'not-checked', ...(effect && { effect }), en, ko });

const INPUT = {
  'read-json': passed('It is a credential in JSON.', 'JSON 형식의 인증서입니다.'),
  'read-jwt': passed('It is a credential in a signed token (VC-JWT).', '서명된 토큰(VC-JWT) 형식의 인증서입니다.'),
  'read-png': passed('The PNG image carries a credential.', 'PNG 이미지에 인증서가 들어 있습니다.'),
  'read-svg': passed('The SVG image carries a credential.', 'SVG 이미지에 인증서가 들어 있습니다.'),
  'too-large': failed('invalid', 'It is larger than any badge needs to be, so it was not read.', '배지로 보기에는 너무 커서 읽지 않았습니다.'),
  'not-text': failed('invalid', 'It is neither an image nor text in UTF-8.', '이미지도 UTF-8 텍스트도 아닙니다.'),
  'not-recognized': failed('unsupported', 'It is none of the forms that badges come in: JSON, a signed token, PNG or SVG.', '배지의 형식(JSON, 서명된 토큰, PNG, SVG)이 아닙니다.'),
  'not-json': failed('invalid', 'It looks like JSON but cannot be read as such.', 'JSON처럼 보이지만 읽을 수 없습니다.'),
  'duplicate-key': failed('invalid', 'A member stands twice in it, so programs could read it differently.', '같은 항목이 두 번 있어 프로그램마다 다르게 읽을 수 있습니다.'),
  'forbidden-key': failed('invalid', 'It has a member that programs could mistake for their own.', '프로그램이 오해할 수 있는 이름의 항목이 있습니다.'),
  'out-of-bounds': failed('invalid', 'It is nested too deeply, has too many values, or is not Unicode text.', '지나치게 깊거나 값이 너무 많거나 유니코드 텍스트가 아닙니다.'),
  'malformed-image': failed('invalid', 'The image is damaged or was made to do harm.', '이미지가 손상되었거나 악의적으로 만들어졌습니다.'),
  'no-badge-in-image': failed('unsupported', 'The image carries no badge; a picture of a badge alone proves nothing.', '이미지에 배지 정보가 없습니다. 그림만으로는 아무것도 증명되지 않습니다.'),
  'malformed-jwt': failed('invalid', 'It looks like a signed token but is none.', '서명된 토큰처럼 보이지만 아닙니다.'),
  'endorsement': failed('unsupported', 'It is an endorsement, not a badge.', '배지가 아니라 추천(Endorsement)입니다.'),
  'clr': failed('unsupported', 'It is a comprehensive learner record, which can hold badges; give one of those.', '종합 학습 기록(CLR)입니다. 그 안의 배지를 하나 제출해 주십시오.'),
  'presentation': failed('unsupported', 'It is a presentation, which can hold badges; give one of those.', '프레젠테이션입니다. 그 안의 배지를 하나 제출해 주십시오.'),
  'status-list': failed('unsupported', 'It is a status list, not a badge.', '배지가 아니라 상태 목록입니다.'),
  'enveloped': failed('unsupported', 'It is an envelope around a credential; give the credential itself.', '인증서를 감싼 봉투입니다. 인증서 자체를 제출해 주십시오.'),
  'old-data-model': failed('unsupported', 'It is a badge of a draft of Open Badges 3.0 (data model 1.1), which is not verified here.', '오픈 배지 3.0 초안(데이터 모델 1.1)의 배지로, 여기서는 검증하지 않습니다.'),
  'signed-open-badge-2': failed('unsupported', 'It is a signed Open Badges 2.0 assertion, which is not verified here.', '서명된 오픈 배지 2.0으로, 여기서는 검증하지 않습니다.'),
  'open-badge-1': failed('unsupported', 'It is a badge of Open Badges 1.x, which is not verified here.', '오픈 배지 1.x의 배지로, 여기서는 검증하지 않습니다.'),
  'part-of-open-badge-2': failed('unsupported', 'It is an Open Badges 2.0 badge class or issuer; only an assertion is somebody’s badge.', '오픈 배지 2.0의 배지 정의 또는 발급자 정보이며, 개인에게 수여된 배지가 아닙니다.'),
  'other-json': failed('unsupported', 'It is JSON, but no credential.', 'JSON이지만 인증서가 아닙니다.'),
} as const;

const CONTENT = {
  'schema-holds': passed('It has everything that a badge must have, in the right form.', '배지에 필요한 항목을 올바른 형식으로 갖추고 있습니다.'),
  'schema-broken': failed('invalid', 'Something that a badge must have is missing or has the wrong form.', '필요한 항목이 없거나 형식이 잘못되었습니다.'),
  'contexts-known': passed('Every term in it has a known meaning.', '모든 용어의 의미가 정해져 있습니다.'),
  'context-unknown': failed('unsupported', 'It names a vocabulary that is not known here.', '알 수 없는 어휘를 사용합니다.'),
  'context-inline': failed('unsupported', 'It defines terms of its own, which could change what it seems to say.', '용어를 자체적으로 정의하고 있어 내용이 달리 보일 수 있습니다.'),
  'term-hidden': failed('invalid', 'Something is written in a way in which readers overlook it though it is signed.', '서명된 내용을 읽는 쪽에서 놓치도록 쓰여 있습니다.'),
  'term-unknown': failed('invalid', 'It uses a term to which its vocabularies give no meaning.', '어휘에 없는 용어를 사용합니다.'),
  'not-an-iri': failed('invalid', 'It has an identifier that is none.', '올바르지 않은 식별자가 있습니다.'),
  'too-complex': failed('invalid', 'It is more tangled than any badge needs to be.', '배지로 보기에는 지나치게 복잡합니다.'),
  'contexts-not-checked': open(undefined, 'Its terms were not looked at, since it cannot be read as a badge.', '배지로 읽을 수 없어 용어를 확인하지 않았습니다.'),
  'schema-not-checked': open(undefined, 'Its form was not looked at.', '형식을 확인하지 않았습니다.'),
} as const;

const MAKER = {
  'key-of-issuer': passed('The key is one that the issuer has published for signing.', '발급자가 서명용으로 공개한 키입니다.'),
  'key-of-another': failed('invalid', 'The key that it names belongs to somebody else than the issuer.', '발급자가 아닌 다른 주체의 키로 서명되었습니다.'),
  'key-not-listed': failed('invalid', 'The issuer has not published the key that it names.', '발급자가 공개하지 않은 키입니다.'),
  'key-unsuitable': failed('unsupported', 'The issuer’s key is of a kind that is not supported.', '발급자의 키는 지원하지 않는 종류입니다.'),
  'key-withdrawn': failed('invalid', 'The issuer has withdrawn the key, or it has expired.', '발급자가 철회했거나 만료된 키입니다.'),
  'issuer-unknown': open('maker-unknown', 'The issuer’s keys are not known here, so nobody can say who made it.', '발급자의 키를 알 수 없어 누가 만들었는지 확인할 수 없습니다.'),
  'issuer-unreachable': open('maker-unknown', 'The issuer’s keys could not be fetched, so it cannot be said who made it.', '발급자의 키를 가져오지 못해 누가 만들었는지 확인할 수 없습니다.'),
  'issuer-blocked': open('maker-unknown', 'The issuer’s address is one that must not be asked.', '발급자의 주소는 접속이 허용되지 않는 주소입니다.'),
  'issuer-malformed': open('maker-unknown', 'What the issuer publishes about its keys cannot be used.', '발급자가 공개한 키 정보를 사용할 수 없습니다.'),
  'issuer-unsupported': failed('unsupported', 'The issuer’s identifier is of a kind whose keys cannot be looked up.', '키를 조회할 수 없는 종류의 발급자 식별자입니다.'),
  'key-not-checked': open(undefined, 'The key was not looked at.', '키를 확인하지 않았습니다.'),
  'proof-verified': passed('It is signed by that key, and nothing was changed since.', '해당 키로 서명되었고 이후 변경되지 않았습니다.'),
  'proof-verified-header-ignored': passed('It is signed by that key, and nothing was changed since. The key that came along with it was ignored.', '해당 키로 서명되었고 이후 변경되지 않았습니다. 함께 온 키는 무시했습니다.'),
  'proof-verified-others-open': passed('It is signed by that key, and nothing was changed since. It has other proofs, which are of kinds that are not supported.', '해당 키로 서명되었고 이후 변경되지 않았습니다. 지원하지 않는 종류의 다른 증명도 있습니다.'),
  'not-signed': failed('invalid', 'It is not signed.', '서명이 없습니다.'),
  'too-many-proofs': failed('invalid', 'It has more proofs than are looked at.', '증명이 너무 많습니다.'),
  'proof-unsupported': failed('unsupported', 'Its proof is of a kind that is not supported.', '지원하지 않는 종류의 증명입니다.'),
  'proof-malformed': failed('invalid', 'Its proof is not what a proof must be.', '증명의 형식이 잘못되었습니다.'),
  'proof-expired': failed('expired', 'Its proof held for a time that has passed.', '증명의 유효 기간이 지났습니다.'),
  'wrong-signature': failed('invalid', 'Something was changed after it was signed, or another key signed it.', '서명 이후 변경되었거나 다른 키로 서명되었습니다.'),
  'algorithm-refused': failed('invalid', 'It names a way of signing that proves nothing.', '아무것도 증명하지 못하는 서명 방식을 사용합니다.'),
  'algorithm-differs': failed('invalid', 'It names another way of signing than the issuer’s key is for.', '발급자의 키와 맞지 않는 서명 방식입니다.'),
  'algorithm-unsupported': failed('unsupported', 'It is signed in a way that is not supported.', '지원하지 않는 서명 방식입니다.'),
  'claims-differ': failed('invalid', 'The token says something else than the credential in it.', '토큰의 내용이 그 안의 인증서와 다릅니다.'),
  'proof-not-checked': open(undefined, 'The signature was not looked at.', '서명을 확인하지 않았습니다.'),
  'hosted-same': passed('The issuer publishes the same badge at its address.', '발급자가 해당 주소에 같은 배지를 게시하고 있습니다.'),
  'hosted-otherwise': failed('invalid', 'The issuer publishes something else at its address.', '발급자가 해당 주소에 게시한 내용과 다릅니다.'),
  'hosted-elsewhere': failed('invalid', 'It is not published where the issuer publishes its badges.', '발급자가 배지를 게시하는 곳이 아닙니다.'),
  'hosted-unavailable': open('maker-unknown', 'It holds only if the issuer publishes it, and that could not be looked up.', '발급자가 게시한 경우에만 유효한데, 이를 확인할 수 없었습니다.'),
  'no-key-needed': passed('It rests on where it is published, not on a key.', '키가 아니라 게시된 위치로 확인하는 배지입니다.'),
} as const;

const LIFE = {
  'dates-hold': passed('It holds at this time.', '현재 유효 기간 안에 있습니다.'),
  'not-yet-valid': failed('invalid', 'It does not hold yet.', '아직 유효 기간이 시작되지 않았습니다.'),
  'expired': failed('expired', 'It held until a time that has passed.', '유효 기간이 지났습니다.'),
  'date-unreadable': failed('invalid', 'One of its dates is none.', '올바르지 않은 날짜가 있습니다.'),
  'dates-reversed': failed('invalid', 'It would end before it begins.', '시작일보다 종료일이 빠릅니다.'),
  'dates-not-checked': open(undefined, 'Its dates were not looked at.', '날짜를 확인하지 않았습니다.'),
  'not-set': passed('The issuer’s list says nothing against it.', '발급자의 목록에 문제가 없습니다.'),
  'no-list': passed('The issuer keeps no such list for it.', '발급자가 이 배지에 대해 그러한 목록을 두지 않습니다.'),
  'log-agrees': passed('The issuer’s own records say nothing against it.', '발급자의 기록에 문제가 없습니다.'),
  'revoked': failed('revoked', 'The issuer has revoked it.', '발급자가 취소했습니다.'),
  'suspended': failed('suspended', 'The issuer has suspended it for now.', '발급자가 일시 정지했습니다.'),
  'list-unavailable': open('status-unknown', 'The issuer’s list could not be looked up.', '발급자의 목록을 확인할 수 없었습니다.'),
  'list-untrusted': open('status-unknown', 'The list is not one that the issuer has signed for this.', '발급자가 이 용도로 서명한 목록이 아닙니다.'),
  'list-outdated': open('status-unknown', 'The list no longer holds, or does not yet.', '목록의 유효 기간이 아닙니다.'),
  'list-unreadable': open('status-unknown', 'The list cannot be read.', '목록을 읽을 수 없습니다.'),
  'status-other-kind': open('status-unknown', 'It says in another way where its status can be found, which is not supported.', '지원하지 않는 방식으로 상태를 안내합니다.'),
  'status-malformed': open('status-unknown', 'What it says of its status cannot be understood.', '상태에 대한 안내를 이해할 수 없습니다.'),
  'status-not-checked': open(undefined, 'Its status was not looked at.', '상태를 확인하지 않았습니다.'),
  'evidence-agrees': passed('The decision trace that it names is the one on record.', '배지에 명시된 판정 기록이 보관된 기록과 일치합니다.'),
  'evidence-differs': failed('invalid', 'The decision trace that it names is not the one on record.', '배지에 명시된 판정 기록이 보관된 기록과 다릅니다.'),
  'evidence-not-checked': open(undefined, 'Only the issuer’s own engine can compare its evidence with the record.', '증거와 기록의 대조는 발급자의 시스템에서만 할 수 있습니다.'),
  'no-trace': open(undefined, 'It names no decision trace to compare.', '대조할 판정 기록을 명시하지 않았습니다.'),
  'recorded': passed('The issuer’s log has it.', '발급자의 기록에 있습니다.'),
  'recorded-renewed': passed('The issuer’s log has it; a newer edition has been issued since.', '발급자의 기록에 있으며, 이후 새로 발급된 판이 있습니다.'),
  'not-recorded': failed('invalid', 'It is signed by the issuer’s key, but the issuer’s log does not know it.', '발급자의 키로 서명되었지만 발급자의 기록에 없습니다.'),
  'recorded-otherwise': failed('invalid', 'The issuer’s log has something else under its name.', '발급자의 기록에는 같은 이름으로 다른 내용이 있습니다.'),
  'not-our-record': open(undefined, 'Only the issuer’s own engine can look it up in its log.', '발급자의 시스템에서만 기록을 조회할 수 있습니다.'),
} as const;

/** Every finding there is, with its sentence. No sentence quotes what a stranger wrote. */
export const REASONS = { ...INPUT, ...CONTENT, ...MAKER, ...LIFE } satisfies Readonly<Record<string, ReasonEntry>> as Readonly<
  Record<keyof typeof INPUT | keyof typeof CONTENT | keyof typeof MAKER | keyof typeof LIFE, ReasonEntry>
>;
/** What a check found. */
export type Reason = keyof typeof REASONS;

/** The verdict in a sentence. */
export const VERDICTS: Readonly<Record<Effect | 'valid', Words>> = {
  valid: { en: 'This badge is genuine and holds.', ko: '이 배지는 진본이며 유효합니다.' },
  invalid: { en: 'This badge is not valid.', ko: '이 배지는 유효하지 않습니다.' },
  unsupported: { en: 'This cannot be verified here.', ko: '여기서는 검증할 수 없습니다.' },
  'maker-unknown': { en: 'It cannot be told who made this badge.', ko: '누가 이 배지를 만들었는지 확인할 수 없습니다.' },
  revoked: { en: 'This badge was issued and then revoked.', ko: '이 배지는 발급된 뒤 취소되었습니다.' },
  suspended: { en: 'This badge was issued and is suspended for now.', ko: '이 배지는 발급되었으나 일시 정지 상태입니다.' },
  expired: { en: 'This badge was issued and has expired.', ko: '이 배지는 발급되었으나 유효 기간이 지났습니다.' },
  'status-unknown': {
    en: 'This badge was made by its issuer, but whether it still counts could not be looked up.',
    ko: '발급자가 만든 배지이지만 현재도 유효한지는 확인할 수 없었습니다.',
  },
};
