/** What the files of an export are. */
export const EXPORT_README = `What is kept about you in Proofmark
===================================

profile.json       your name, e-mail address and language, as far as they were given, and the id under which you are known
consents.json      to what you have consented, now and before, with the times
collection.json    which of your badges you show to whoever has your link, now and before
events.ndjson      everything that your class systems have reported about you, one event a line, as it was recorded
awards/            your badges: when and by which rule each was given or taken back, why, and on which evidence ("verdict")
credentials/       the signed documents of your badges (Open Badges 3.0), all that were ever signed, and their history
engagement.json    how often your badges were looked at, verified and shared; nothing is known of who did that
dead-letters.json  reports about you that could not be recorded, as they were sent, and what was wrong with them

All times are UTC. "position" is the place in the system's log. The files are JSON (UTF-8); any text editor opens them.
Nothing about you is decided by a person's judgement or a computer's guess: each badge follows from a written rule, whose
version and outcome stand in its file, and a person at your school can review it.


Proofmark에 보관된 나의 정보
============================

profile.json       이름, 전자우편 주소, 언어(등록된 경우)와 시스템에서 쓰이는 학습자 아이디
consents.json      동의한 항목의 현재 상태와 변경 이력, 각각의 시각
collection.json    링크로 공개한 배지 모음의 현재 상태와 변경 이력
events.ndjson      수업 시스템이 보고한 모든 학습 기록, 한 줄에 하나씩, 기록된 그대로
awards/            배지별 수여와 취소의 시각, 적용된 규칙, 이유, 근거("verdict")
credentials/       배지의 서명된 문서(Open Badges 3.0) 전부와 그 이력
engagement.json    배지가 조회, 검증, 공유된 기록. 누가 했는지는 보관하지 않습니다
dead-letters.json  기록되지 못한 나에 관한 보고의 원문과 그 이유

시각은 모두 UTC입니다. "position"은 시스템 기록에서의 위치입니다. 파일은 JSON(UTF-8) 형식이며 어떤 텍스트 편집기로도 열 수 있습니다.
배지는 문서로 정해진 규칙에 따라서만 결정되며, 적용된 규칙의 판과 결과가 각 파일에 있습니다. 결과는 학교의 담당자가 검토할 수 있습니다.
`;
