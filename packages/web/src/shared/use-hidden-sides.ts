import { type RefObject, useEffect, useRef } from 'react';

/**
 * Marks a frame with the sides on which its scrolled box hides columns (`data-hidden="end"`,
 * `"start"`, `"start end"`), so that a shade can say that there is more.
 */
export function useHiddenSides(
  box: RefObject<HTMLDivElement | null>,
  drawn: boolean,
): RefObject<HTMLDivElement | null> {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const scrolled = box.current;
    if (!scrolled || !drawn) return;
    const mark = () => {
      const { scrollLeft, scrollWidth, clientWidth } = scrolled;
      const sides = [
        scrollLeft > 1 && 'start',
        scrollLeft + clientWidth < scrollWidth - 1 && 'end',
      ];
      frame.current?.setAttribute('data-hidden', sides.filter(Boolean).join(' '));
    };
    mark();
    scrolled.addEventListener('scroll', mark, { passive: true });
    const watch = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(mark);
    watch?.observe(scrolled);
    if (scrolled.firstElementChild) watch?.observe(scrolled.firstElementChild);
    return () => {
      scrolled.removeEventListener('scroll', mark);
      watch?.disconnect();
    };
  }, [box, drawn]);
  return frame;
}
