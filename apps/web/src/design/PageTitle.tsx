import { useEffect, type ComponentProps } from 'react';

const PRODUCT = document.title;

interface Props extends Omit<ComponentProps<'h1'>, 'children'> {
  readonly children: string;
}

/** What a page is called: on it, and on the browser's tab, in its history and its bookmarks (WCAG 2.4.2). */
export const PageTitle = ({ children, ...heading }: Props) => {
  useEffect(() => {
    document.title = children === PRODUCT ? PRODUCT : `${children} · ${PRODUCT}`;
    return () => void (document.title = PRODUCT);
  }, [children]);
  return <h1 {...heading}>{children}</h1>;
};
