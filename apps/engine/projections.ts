import { awards } from '#projections/awards.js';
import { courseRoster } from '#projections/course-roster.js';
import { deadLetters } from '#projections/dead-letters.js';
import { growthPath } from '#projections/growth-path.js';
import { issuerAnalytics } from '#projections/issuer-analytics.js';
import type { Projection } from '#projections/projection.js';
import { rules } from '#projections/rules.js';

/** Every projection that the engine keeps. To add one: write its file in libs/projections and name it here. */
export const PROJECTIONS: readonly Projection[] = [awards, courseRoster, deadLetters, growthPath, issuerAnalytics, rules];
