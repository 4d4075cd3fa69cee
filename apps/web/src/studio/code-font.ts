/** In what texts of rules are set: letters of one width, and Hangul, which most families with such letters lack. */
export const CODE_FONT = 'ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans KR Variable", monospace';
