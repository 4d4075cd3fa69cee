import { BASE_CONTEXT } from './base-schema.js';
import { closed, dateTime, extensible, listOf, object, oneOrList, part, texts, typed, url, type Schema } from './schema-parts.js';

const string = { type: 'string' } as const;
const number = { type: 'number' } as const;
const typedOnce = (name: string): Schema => ({ const: name });

const IDENTIFIERS = extensible(
  'name', 'sourcedId', 'systemId', 'productId', 'userName', 'accountId', 'emailAddress', 'nationalIdentityNumber', 'isbn', 'issn', 'lisSourcedId',
  'oneRosterSourcedId', 'sisSourcedId', 'ltiContextId', 'ltiDeploymentId', 'ltiToolId', 'ltiPlatformId', 'ltiUserId', 'identifier',
);
const ACHIEVEMENT_TYPES = extensible(
  'Achievement', 'ApprenticeshipCertificate', 'Assessment', 'Assignment', 'AssociateDegree', 'Award', 'Badge', 'BachelorDegree', 'Certificate',
  'CertificateOfCompletion', 'Certification', 'CommunityService', 'Competency', 'Course', 'CoCurricular', 'Degree', 'Diploma', 'DoctoralDegree',
  'Fieldwork', 'GeneralEducationDevelopment', 'JourneymanCertificate', 'LearningProgram', 'License', 'Membership', 'ProfessionalDoctorate',
  'QualityAssuranceCredential', 'MasterCertificate', 'MasterDegree', 'MicroCredential', 'ResearchDoctorate', 'SecondarySchoolDiploma',
);
const TARGET_TYPES = extensible('ceasn:Competency', 'ceterms:Credential', 'CFItem', 'CFRubric', 'CFRubricCriterion', 'CFRubricCriterionLevel', 'CTDL');
const RESULT_TYPES = extensible(
  'GradePointAverage', 'LetterGrade', 'Percent', 'PerformanceLevel', 'PredictedScore', 'RawScore', 'Result', 'RubricCriterion', 'RubricCriterionLevel',
  'RubricScore', 'ScaledScore', 'Status',
);
const RESULT_STATUS = ['Completed', 'Enrolled', 'Failed', 'InProgress', 'OnHold', 'Provisional', 'Withdrew'];
const LANGUAGE = { type: 'string', pattern: '^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$' };
const TOKEN = { type: 'string', pattern: '^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]+$' };

const contexts = {
  type: 'array',
  minItems: 2,
  items: [{ const: BASE_CONTEXT }, { type: 'string', pattern: '^https://purl\\.imsglobal\\.org/spec/ob/v3p0/context(-3\\.\\d\\.\\d)?\\.json$' }],
  additionalItems: { type: ['string', 'object'] },
};
const endorsements = { endorsement: listOf(part('EndorsementCredential')), endorsementJwt: listOf(TOKEN) };
const proof = oneOrList(object(['type'], { type: string, created: dateTime, ...texts('cryptosuite', 'challenge', 'domain', 'nonce', 'proofPurpose', 'proofValue', 'verificationMethod') }), 1);
const issuer = { if: { type: 'string' }, then: url, else: part('Profile') };

/** What Open Badges 3.0 asks beyond the base of an AchievementCredential (section "Data models"), type by type. */
const DEFINITIONS: Readonly<Record<string, Schema>> = {
  Achievement: object(['id', 'type', 'criteria', 'description', 'name'], {
    id: url,
    type: typed('Achievement'),
    ...texts('description', 'fieldOfStudy', 'humanCode', 'name', 'specialization', 'version'),
    achievementType: ACHIEVEMENT_TYPES,
    alignment: listOf(part('Alignment')),
    creator: part('Profile'),
    creditsAvailable: number,
    criteria: object([], { id: url, narrative: string }),
    ...endorsements,
    image: part('Image'),
    inLanguage: LANGUAGE,
    otherIdentifier: listOf(part('IdentifierEntry')),
    related: listOf(object(['id', 'type'], { id: url, type: typed('Related'), inLanguage: LANGUAGE, version: string })),
    resultDescription: listOf(part('ResultDescription')),
    tag: listOf(string),
  }),
  Alignment: object(['type', 'targetName', 'targetUrl'], {
    type: typed('Alignment'), ...texts('targetCode', 'targetDescription', 'targetName', 'targetFramework'), targetType: TARGET_TYPES, targetUrl: url,
  }),
  EndorsementCredential: object(['@context', 'type', 'id', 'name', 'credentialSubject', 'issuer', 'validFrom'], {
    '@context': contexts,
    type: { allOf: [typed('VerifiableCredential'), typed('EndorsementCredential')] },
    id: url,
    ...texts('name', 'description'),
    credentialSubject: object(['id', 'type'], { id: url, type: typed('EndorsementSubject'), endorsementComment: string }),
    issuer,
    validFrom: dateTime,
    validUntil: dateTime,
    awardedDate: dateTime,
    proof,
  }),
  IdentifierEntry: closed(['type', 'identifier', 'identifierType'], { type: typedOnce('IdentifierEntry'), identifier: string, identifierType: IDENTIFIERS }),
  Image: closed(['id', 'type'], { id: url, type: typedOnce('Image'), caption: string }),
  Profile: object(['id', 'type'], {
    id: url,
    type: typed('Profile'),
    ...texts(
      'name', 'phone', 'description', 'email', 'official', 'familyName', 'givenName', 'additionalName', 'patronymicName', 'honorificPrefix',
      'honorificSuffix', 'familyNamePrefix',
    ),
    url,
    image: part('Image'),
    ...endorsements,
    address: object(['type'], {
      type: typed('Address'),
      ...texts('addressCountry', 'addressCountryCode', 'addressRegion', 'addressLocality', 'streetAddress', 'postOfficeBoxNumber', 'postalCode'),
      geo: object(['type', 'latitude', 'longitude'], { type: typedOnce('GeoCoordinates'), latitude: number, longitude: number }),
    }),
    otherIdentifier: listOf(part('IdentifierEntry')),
    parentOrg: part('Profile'),
    dateOfBirth: { type: 'string', format: 'date' },
  }),
  ResultDescription: object(['id', 'type', 'name', 'resultType'], {
    id: url,
    type: typed('ResultDescription'),
    ...texts('name', 'requiredLevel', 'requiredValue', 'valueMax', 'valueMin'),
    alignment: listOf(part('Alignment')),
    allowedValue: listOf(string),
    resultType: RESULT_TYPES,
    rubricCriterionLevel: listOf(object(['id', 'type', 'name'], {
      id: url, type: typed('RubricCriterionLevel'), alignment: listOf(part('Alignment')), ...texts('description', 'level', 'name', 'points'),
    })),
  }),
};

/**
 * What Open Badges 3.0 asks of an AchievementCredential. A proof may be an object, as the issuers' tools mostly write it, though
 * the published schema wants an array; and there may be several statuses.
 */
export const OPEN_BADGE_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2019-09/schema',
  ...object(['@context', 'id', 'type', 'credentialSubject', 'issuer', 'validFrom'], {
    '@context': contexts,
    id: url,
    type: { allOf: [typed('VerifiableCredential'), typed('AchievementCredential', 'OpenBadgeCredential')] },
    ...texts('name', 'description'),
    image: part('Image'),
    awardedDate: dateTime,
    credentialSubject: object(['type', 'achievement'], {
      id: url,
      type: typed('AchievementSubject'),
      activityEndDate: dateTime,
      activityStartDate: dateTime,
      creditsEarned: number,
      achievement: part('Achievement'),
      identifier: listOf(closed(['type', 'hashed', 'identityHash', 'identityType'], {
        type: typedOnce('IdentityObject'), hashed: { type: 'boolean' }, identityHash: string, identityType: IDENTIFIERS, salt: string,
      })),
      image: part('Image'),
      ...texts('licenseNumber', 'narrative', 'role', 'term'),
      result: listOf(object(['type'], {
        type: typed('Result'), achievedLevel: url, alignment: listOf(part('Alignment')), resultDescription: url, status: { enum: RESULT_STATUS }, value: string,
      })),
      source: part('Profile'),
    }),
    ...endorsements,
    evidence: listOf(object(['type'], { id: url, type: typed('Evidence'), ...texts('narrative', 'name', 'description', 'genre', 'audience') })),
    issuer,
    validFrom: dateTime,
    validUntil: dateTime,
    proof,
    credentialSchema: listOf(object(['id', 'type'], { id: url, type: string })),
    credentialStatus: oneOrList(object(['type'], { id: url, type: string })),
    refreshService: object(['id', 'type'], { id: url, type: string }),
    termsOfUse: listOf(object(['type'], { id: url, type: string })),
  }),
  $defs: DEFINITIONS,
};
