import { Anchor, Stack, Title } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { useLocation } from "react-router";
import classes from "./indexed.module.css";

export interface Chapter {
  /** Its place in the address. */
  id: string;
  title: string;
  content: ReactNode;
}

const SETTLED_MS = 3_000;
/** By these the reader has gone on. */
const READING = ["wheel", "touchmove", "keydown", "pointerdown"] as const;

/** The chapter at the top of the window; the last one above the middle where none begins there. */
function useCurrent(ids: string): string | undefined {
  const [current, setCurrent] = useState<string>();
  useEffect(() => {
    const sections = ids.split(" ").flatMap((id) => document.getElementById(id) ?? []);
    const seen = new Map<Element, boolean>();
    const observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) seen.set(entry.target, entry.isIntersecting);
        setCurrent(sections.find((section) => seen.get(section))?.id);
      },
      { rootMargin: "-10% 0px -50% 0px" },
    );
    for (const section of sections) observer.observe(section);
    return () => observer.disconnect();
  }, [ids]);
  return current;
}

/** A long page in chapters, with an index beside them, or above them where there is no room. */
export function Indexed({ label, chapters }: { label: string; chapters: Chapter[] }) {
  const current = useCurrent(chapters.map(({ id }) => id).join(" "));
  const { hash } = useLocation();
  useEffect(() => {
    // What the address asks for is here only now, as the page had to be fetched; what stands above grows a while.
    const asked = document.getElementById(hash.slice(1));
    const page = asked?.parentElement;
    if (!asked || !page) return;
    asked.scrollIntoView();
    const follow = new ResizeObserver(() => asked.scrollIntoView());
    follow.observe(page);
    const stop = () => follow.disconnect();
    const settled = window.setTimeout(stop, SETTLED_MS);
    for (const event of READING) window.addEventListener(event, stop, { once: true });
    return () => {
      stop();
      window.clearTimeout(settled);
      for (const event of READING) window.removeEventListener(event, stop);
    };
  }, [hash]);
  return (
    <div className={classes.page}>
      <nav className={classes.index} aria-label={label} data-print="no">
        <ul className={classes.list}>
          {chapters.map(({ id, title }) => (
            <li key={id}>
              <Anchor
                href={`#${id}`}
                className={classes.link}
                aria-current={id === current ? "location" : undefined}
              >
                {title}
              </Anchor>
            </li>
          ))}
        </ul>
      </nav>
      <div className={classes.chapters}>
        {chapters.map(({ id, title, content }) => (
          <Stack
            key={id}
            id={id}
            component="section"
            aria-labelledby={`${id}-title`}
            gap="md"
            className={classes.chapter}
          >
            <Title order={2} size="h3" id={`${id}-title`}>
              {title}
            </Title>
            {content}
          </Stack>
        ))}
      </div>
    </div>
  );
}
