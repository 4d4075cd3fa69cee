/** A part of a list as the Open Badges 3.0 API is asked for it. */
export interface Asked {
  /** The address of the list, with everything but the place in it. */
  readonly address: string;
  readonly limit: number;
  readonly offset: number;
  readonly total: number;
}

/**
 * The Link header of a part (OB 3.0, section 6.4; RFC 8288): the first and the last part always, the next where there is
 * more, the previous where something came before.
 */
export const linksOf = ({ address, limit, offset, total }: Asked): string => {
  const at = (place: number): string => {
    const url = new URL(address);
    url.searchParams.set('limit', String(limit));
    url.searchParams.set('offset', String(place));
    return url.href;
  };
  const parts: readonly (readonly [string, number | undefined])[] = [
    ['next', offset + limit < total ? offset + limit : undefined],
    ['last', Math.max(0, Math.ceil(total / limit) - 1) * limit],
    ['first', 0],
    ['prev', offset > 0 ? Math.max(0, offset - limit) : undefined],
  ];
  return parts.flatMap(([relation, place]) => (place === undefined ? [] : [`<${at(place)}>; rel="${relation}"`])).join(', ');
};
