import { ProofmarkError } from '#domain/errors.js';

const NAMESPACE = 'https://purl.imsglobal.org/ob/v3p0';
const ROOT = /<svg(?=[\s>])[^>]*>/;

/**
 * Puts a credential into an SVG image of ours: an element of the Open Badges namespace, JSON as its text, a JSON Web Token in
 * its attribute `verify` (OB 3.0, "Baked Badges").
 * @throws ProofmarkError USAGE for a text that is no SVG image, or carries a badge.
 */
export const bakeSvg = (svg: string, credential: string): string => {
  const root = ROOT.exec(svg);
  if (!root || svg.includes(NAMESPACE)) throw new ProofmarkError('USAGE', 'The picture to bake a badge into is no SVG image without a badge.');
  const isToken = !credential.trimStart().startsWith('{');
  const carrier = isToken
    ? `<openbadges:credential xmlns:openbadges="${NAMESPACE}" verify="${credential}"></openbadges:credential>`
    : // A CDATA section ends at its first "]]>": one inside a text is cut in two.
      `<openbadges:credential xmlns:openbadges="${NAMESPACE}"><![CDATA[${credential.replaceAll(']]>', ']]]]><![CDATA[>')}]]></openbadges:credential>`;
  const end = root.index + root[0].length;
  return svg.slice(0, end) + carrier + svg.slice(end);
};
