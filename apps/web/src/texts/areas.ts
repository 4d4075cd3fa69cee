import i18next from 'i18next';
import type { Texts } from './en.ts';
import type { BatchTexts } from '../batches/texts.ts';
import type { PeopleTexts } from '../people/texts.ts';
import type { ProgressTexts } from '../progress/texts.ts';
import type { InsightTexts } from '../analytics/texts.ts';
import type { LearnerTexts } from '../learner/texts.ts';
import type { ShareTexts } from '../share/texts.ts';
import type { StudioTexts } from '../studio/texts.ts';

/** The sentences that come with pages of their own, which load them. */
interface AreaTexts {
  readonly batches: BatchTexts;
  readonly people: PeopleTexts;
  readonly progress: ProgressTexts;
  readonly insight: InsightTexts;
  readonly share: ShareTexts;
  readonly learner: LearnerTexts;
  readonly studio: StudioTexts;
}

/** Every sentence, whatever page it comes with. */
export type AllTexts = Texts & AreaTexts;

/** Adds the sentences of an area; its page does so before it is shown. */
export const addTexts = <Area extends keyof AreaTexts>(area: Area, texts: { readonly en: AreaTexts[Area]; readonly ko: AreaTexts[Area] }): void => {
  for (const language of ['en', 'ko'] as const) i18next.addResourceBundle(language, 'translation', { [area]: texts[language] }, true, true);
};
