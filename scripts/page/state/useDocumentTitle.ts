import { useEffect } from "preact/hooks";

/** Names the browser's tab, and what a screen reader says on arrival. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ModernTensor`;
  }, [title]);
}
