import { awards } from './awards.js';
import { badgeEngagement } from './badge-engagement.js';
import { credentials } from './credentials.js';
import { courseRoster } from './course-roster.js';
import { deadLetters } from './dead-letters.js';
import { growthPath } from './growth-path.js';
import { heldSkills } from './held-skills.js';
import { issuerAnalytics } from './issuer-analytics.js';
import type { Projection } from './projection.js';
import { rules } from './rules.js';
import { sharedCollections } from './shared-collections.js';

/** Every read model that Proofmark keeps. */
export const ALL_PROJECTIONS: readonly Projection[] = [awards, growthPath, courseRoster, issuerAnalytics, deadLetters, rules, credentials, badgeEngagement, heldSkills, sharedCollections];
