import { IconExternalLink, IconPhoto } from "@tabler/icons-react";
import { type ComponentProps, memo, type ReactNode, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import ReactMarkdown, { type Components } from "react-markdown";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import classes from "./Markdown.module.css";
import { markMath, mayHoldCode, mayHoldMath } from "./math-text";
import { remarkAsWritten } from "./remark-as-written";
import type { Rich } from "./rich";

const SCHEMA = {
  ...defaultSchema,
  attributes: {
    ...defaultSchema.attributes,
    code: [["className", /^language-./, "math-inline", "math-display"]],
  },
} satisfies typeof defaultSchema;

const loaded: { math?: Rich; code?: Rich } = {};
const loaders = {
  math: async () => {
    loaded.math ??= (await import("./markdown-math")).rich;
  },
  code: async () => {
    loaded.code ??= (await import("./markdown-code")).rich;
  },
};

/** Loads mathematics and highlighting ahead of the first text that needs them. */
export async function preloadMarkdown(): Promise<void> {
  await Promise.all([loaders.math(), loaders.code()]);
}

function hostOf(address: string): string {
  return URL.canParse(address, window.location.href)
    ? new URL(address, window.location.href).host
    : address;
}

function ExternalLink({ href, children }: ComponentProps<"a">) {
  const { t } = useTranslation();
  if (!href || href.startsWith("#")) return <span>{children}</span>;
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      title={t("markdown.opens", { target: href })}
    >
      {children}
      <span className={classes.target}>
        {" "}
        ({hostOf(href)}
        <IconExternalLink size={12} aria-hidden />)
      </span>
    </a>
  );
}

/** Never loads anything by itself: a picture from outside would tell its owner who is reading. */
function ImagePlaceholder({ src, alt }: ComponentProps<"img">) {
  const { t } = useTranslation();
  const address = typeof src === "string" ? src : "";
  return (
    <a
      className={classes.image}
      href={address}
      target="_blank"
      rel="noopener noreferrer nofollow"
      title={t("markdown.imageNote", { target: address })}
    >
      <IconPhoto size={16} aria-hidden />{" "}
      {t("markdown.image", { host: hostOf(address), alt: alt ?? "" })}
    </a>
  );
}

// A text's own headings stand below the page's, whatever level they claim.
const heading =
  (level: number) =>
  ({ children }: { children?: ReactNode }) => {
    const Tag = level === 1 ? "h4" : level === 2 ? "h5" : "h6";
    return <Tag data-level={level}>{children}</Tag>;
  };

const COMPONENTS: Components = {
  a: ExternalLink,
  img: ImagePlaceholder,
  h1: heading(1),
  h2: heading(2),
  h3: heading(3),
  h4: heading(4),
  h5: heading(4),
  h6: heading(4),
  table: ({ children }) => (
    <div className={classes.table}>
      <table>{children}</table>
    </div>
  ),
};

interface MarkdownProps {
  children: string;
  /** The text's language, for the right Chinese or Japanese glyphs. */
  lang?: string;
  /** Shows the characters as they are. */
  plain?: boolean;
}

/**
 * The one component that renders text from outside. HTML is shown as text and never interpreted;
 * links and pictures ask before anything leaves the browser.
 */
export const Markdown = memo(function Markdown({ children, lang, plain }: MarkdownProps) {
  const math = !plain && mayHoldMath(children);
  const code = !plain && mayHoldCode(children);
  const [, setVersion] = useState(0);

  useEffect(() => {
    let current = true;
    const wanted = [
      math && !loaded.math ? loaders.math() : null,
      code && !loaded.code ? loaders.code() : null,
    ].filter((promise) => promise !== null);
    if (wanted.length > 0) {
      void Promise.allSettled(wanted).then(() => current && setVersion((version) => version + 1));
    }
    return () => {
      current = false;
    };
  }, [math, code]);

  const text = useMemo(() => (math ? markMath(children) : children), [children, math]);

  if (plain) {
    return (
      <div className={classes.plain} lang={lang}>
        {children}
      </div>
    );
  }
  const rich = [math ? loaded.math : undefined, code ? loaded.code : undefined].filter(
    (plugins) => plugins !== undefined,
  );
  return (
    <div className={classes.markdown} lang={lang}>
      <ReactMarkdown
        remarkPlugins={[remarkGfm, remarkAsWritten, ...rich.flatMap((plugins) => plugins.remark)]}
        rehypePlugins={[[rehypeSanitize, SCHEMA], ...rich.flatMap((plugins) => plugins.rehype)]}
        components={COMPONENTS}
      >
        {math && !loaded.math ? children : text}
      </ReactMarkdown>
    </div>
  );
});
