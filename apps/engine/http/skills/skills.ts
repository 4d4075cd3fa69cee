import { Controller, Get, Query as QueryParams } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { May } from '../access/permission.js';
import { OptionalId, OptionalAnyText } from '../fields.js';
import { limitOf, PageQuery, placeOf, type Page } from '../paging.js';
import { Reads, ReadQuery, type Shown } from '../reads.js';
import { LEFT_OUT } from '../small-groups.js';
import { LEARNER_ORDER, SkillReads, type SkillDensity, type SkilledLearner, type SkillFilter } from './skill-reads.js';

const READS = ['held-skills', 'rulebook', 'award-register'];
const [MOST_GROUP, MOST_ADDRESS] = [500, 2_000];

class SkillsQuery extends ReadQuery {
  @OptionalAnyText('Only this group; empty: who is in none.', MOST_GROUP)
  group?: string;

  @OptionalId('Only competencies that a badge of this course certifies. They are counted whole.')
  course?: string;

  @OptionalId('Only the competency that this badge certifies, counted whole.')
  badge?: string;

  @OptionalAnyText('Only this competency.', MOST_ADDRESS)
  competency?: string;
}

class SkilledLearnersQuery extends PageQuery {
  @OptionalAnyText('Only learners of this group; empty: who is in none.', MOST_GROUP)
  group?: string;

  @OptionalId('Only competencies that a badge of this course certifies.')
  course?: string;

  @OptionalId('Only the competency that this badge certifies.')
  badge?: string;

  @OptionalAnyText('Only who holds this competency.', MOST_ADDRESS)
  competency?: string;
}

class GetSkills extends Query<Shown<SkillDensity>> {
  constructor(readonly asked: SkillsQuery) {
    super();
  }
}

class FindSkilledLearners extends Query<Shown<Page<SkilledLearner>>> {
  constructor(readonly asked: SkilledLearnersQuery) {
    super();
  }
}

const filterOf = ({ group, course, badge, competency }: SkillsQuery | SkilledLearnersQuery): SkillFilter => ({ group: group?.normalize('NFC'), course, badge, competency });

/** Who holds which skill, by group. */
@QueryHandler(GetSkills)
export class GetSkillsHandler implements IQueryHandler<GetSkills> {
  constructor(
    private readonly reads: Reads,
    private readonly skills: SkillReads,
  ) {}

  execute({ asked }: GetSkills): Promise<Shown<SkillDensity>> {
    return this.reads.at(READS, asked, () => this.skills.density(filterOf(asked)));
  }
}

/** The learners behind a figure. */
@QueryHandler(FindSkilledLearners)
export class FindSkilledLearnersHandler implements IQueryHandler<FindSkilledLearners> {
  constructor(
    private readonly reads: Reads,
    private readonly skills: SkillReads,
  ) {}

  execute({ asked }: FindSkilledLearners): Promise<Shown<Page<SkilledLearner>>> {
    const after = placeOf(asked.cursor, LEARNER_ORDER)?.['learner'] as string | undefined;
    return this.reads.at(READS, asked, () => this.skills.learners(filterOf(asked), limitOf(asked), after));
  }
}

/** Which skills are there. */
@ApiTags('analytics')
@Controller('v1/analytics/skills')
export class SkillsController {
  constructor(private readonly queries: QueryBus) {}

  /** By group. */
  @May('analytics:read')
  @Get()
  @ApiOperation({
    summary: 'Who holds which skill, by group',
    description:
      'Learners who hold a competency now: by active awards of any badge that certifies it. A group is what the newest enrolment says that says one, in its attribute `department`, else `group`. ' +
      `Filters choose rows and columns of one table and change no figure. ${LEFT_OUT}`,
  })
  @ApiOkResponse({ description: 'The competencies and, by group, who holds them.' })
  density(@QueryParams() asked: SkillsQuery): Promise<Shown<SkillDensity>> {
    return this.queries.execute(new GetSkills(asked));
  }

  /** The learners behind a figure. */
  @May('award:read')
  @Get('learners')
  @ApiOperation({ summary: 'The learners who hold a skill', description: 'Single persons, so it is for who may read the awards. In the order of their ids; `next` leads to the next page.' })
  @ApiOkResponse({ description: 'The learners, each with the awards by which they hold it.' })
  learners(@QueryParams() asked: SkilledLearnersQuery): Promise<Shown<Page<SkilledLearner>>> {
    return this.queries.execute(new FindSkilledLearners(asked));
  }
}
