/** htmx as django-htmx serves it: what our modules use of it. */
interface Window {
  htmx: {
    ajax(
      verb: string,
      path: string,
      context: {
        target: Element;
        swap: string;
        source?: Element;
        headers?: Record<string, string>;
      },
    ): Promise<void>;
    trigger(element: Element, name: string): void;
    logger: ((element: Element, name: string, detail: { error?: unknown }) => void) | null;
  };
}
