/** The place of a criterion as traces have it ("all[1].mean"), from that in the rule's text (`all`, 1). @param keyword of the criterion itself */
export const tracePath = (path: readonly (string | number)[], keyword: string): string => {
  const steps = path.slice(1).flatMap((step, i, all) => {
    if (typeof step === 'number') return [`[${step}]`];
    if (step === 'of' && typeof all[i + 1] === 'number') return []; // of "some", which holds its criteria one step deeper
    return [i === 0 ? step : `.${step}`, ...(step === 'not' ? ['[0]'] : [])];
  });
  return `${steps.join('')}${steps.length === 0 ? '' : '.'}${keyword}`;
};
