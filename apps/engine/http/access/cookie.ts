/** The value of a cookie of that name; undefined where there is none. */
export const cookieOf = (header: string | undefined, name: string): string | undefined => {
  for (const one of (header ?? '').split(';')) {
    const [key = '', ...value] = one.trim().split('=');
    if (key === name) return value.join('=');
  }
  return undefined;
};
