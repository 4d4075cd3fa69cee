import type { JsonObject } from './json-ld/json.js';

/** What differs between the credentials that tests and benchmarks make. */
export interface CredentialParts {
  /** Makes ids differ. */
  readonly number: number;
  readonly evidence: readonly { readonly name: string; readonly narrative: string }[];
  readonly results: readonly { readonly value: string }[];
  readonly tags: readonly string[];
  readonly name: string;
  readonly alignments: readonly string[];
  readonly expires: boolean;
}

const BASE = 'https://badges.school.example';
/** Who issues the credentials that tests make. */
export const ISSUER = 'did:web:badges.school.example:issuers:seoul';

const EVIDENCE = [
  ['Attendance', '24 of 25 sessions were attended from 2026-03-02 to 2026-06-19; 90 % were needed.'],
  ['Assignments', 'All 8 assignments were submitted, 7 of them in time; 6 in time were needed.'],
  ['Missions', 'The missions “Data modelling”, “Event sourcing” and “Deployment” were completed on 2026-06-12; three were needed.'],
  ['Mean grade', 'The mean of 8 grades is 87.25 of 100, weighted as the course says; 80 were needed.'],
] as const;

/** A credential of the usual size: four pieces of evidence, two results, three alignments. */
export const USUAL: CredentialParts = {
  number: 1,
  evidence: EVIDENCE.map(([name, narrative]) => ({ name, narrative })),
  results: [{ value: '87.25' }, { value: '96' }],
  tags: ['event sourcing', 'databases', 'TypeScript'],
  name: 'Practitioner of event sourcing',
  alignments: ['Data modelling', 'Distributed systems', 'Software testing'],
  expires: true,
};

/** An Open Badges 3.0 credential as Proofmark issues them, without a proof: each node has an id. */
export const credentialUnderTest = (parts: Partial<CredentialParts> = {}): JsonObject => {
  const { number, evidence, results, tags, name, alignments, expires } = { ...USUAL, ...parts };
  const code = number.toString(32).toUpperCase().padStart(16, '0');
  const id = `${BASE}/credentials/${code}/en`;
  const achievement = `${BASE}/badges/event-sourcing/3/en`;
  const list = `${BASE}/issuers/seoul/status/1/revocation`;
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
    id,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name,
    issuer: { id: ISSUER, type: ['Profile'], name: 'Seoul School of Data', url: 'https://school.example/', image: { id: `${BASE}/issuers/seoul/image.png`, type: 'Image' } },
    validFrom: `2026-06-${String(10 + (number % 18)).padStart(2, '0')}T09:00:00Z`,
    ...(expires ? { validUntil: '2029-06-30T00:00:00Z' } : {}),
    awardedDate: '2026-06-20T09:00:00Z',
    credentialSubject: {
      id: `urn:uuid:00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
      type: ['AchievementSubject'],
      achievement: {
        id: achievement,
        type: ['Achievement'],
        achievementType: 'Badge',
        inLanguage: 'en',
        version: '3',
        name,
        description: 'Models a domain as events, decides on them, and shows with tests that any order of arrival gives the same state.',
        criteria: {
          id: `${achievement}#criteria`,
          narrative: 'Attend at least 90 % of the sessions, submit six assignments in time, complete three missions that are tagged “architecture”, and reach a mean grade of 80.',
        },
        image: { id: `${BASE}/badges/event-sourcing/image.png`, type: 'Image', caption: 'A shield with three arrows' },
        alignment: alignments.map((target, i) => ({
          id: `${achievement}#alignment-${i + 1}`,
          type: ['Alignment'],
          targetName: target,
          targetUrl: `https://frameworks.example/skills/${i + 1}`,
          targetFramework: 'Framework of digital skills 2.1',
          targetType: 'CFItem',
          targetCode: `FDS-${i + 1}`,
        })),
        tag: tags,
        resultDescription: results.map((_, i) => ({
          id: `${achievement}#result-${i + 1}`,
          type: ['ResultDescription'],
          name: `Result ${i + 1}`,
          resultType: 'Percent',
          valueMin: '0',
          valueMax: '100',
          requiredValue: '80',
        })),
      },
      result: results.map(({ value }, i) => ({ id: `${id}#result-${i + 1}`, type: ['Result'], resultDescription: `${achievement}#result-${i + 1}`, value })),
    },
    evidence: evidence.map(({ name: title, narrative }, i) => ({
      id: `${id}#evidence-${i + 1}`,
      type: ['Evidence'],
      name: title,
      genre: 'decision trace',
      description: `What was recorded of learner ${number}.`,
      narrative,
    })),
    credentialStatus: {
      id: `${list}#${number % 131_072}`,
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: String(number % 131_072),
      statusListCredential: list,
    },
  };
};
