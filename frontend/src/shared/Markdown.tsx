import { IconExternalLink, IconPhoto } from "@tabler/icons-react";
import {
  type ComponentProps,
  createContext,
  memo,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import ReactMarkdown, { type Components } from "react-markdown";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import { AskedLink } from "./AskedLink";
import classes from "./Markdown.module.css";
import { type Mark, markPieces } from "./marks";
import { markMath, mayHoldCode, mayHoldMath } from "./math-text";
import { rehypeMarks, rehypeWholes } from "./rehype-marks";
import { remarkAsWritten } from "./remark-as-written";
import type { Rich } from "./rich";
import type { Edit } from "./source-text";

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

/** Whether somebody marks passages of the text, who must be able to select all of it. */
const SelectableContext = createContext(false);

function ExternalLink({ href, children }: ComponentProps<"a">) {
  const { t } = useTranslation();
  const selectable = useContext(SelectableContext);
  if (!href || href.startsWith("#")) return <span>{children}</span>;
  return (
    <AskedLink
      href={href}
      title={t("markdown.opens", { target: href })}
      selectable={selectable}
      suffix={
        <span className={classes.target}>
          {" "}
          ({hostOf(href)}
          <IconExternalLink size={12} aria-hidden />)
        </span>
      }
    >
      {children}
    </AskedLink>
  );
}

/** Never loads anything by itself: a picture from outside would tell its owner who is reading. */
function ImagePlaceholder({ src, alt }: ComponentProps<"img">) {
  const { t } = useTranslation();
  const address = typeof src === "string" ? src : "";
  return (
    <AskedLink
      className={classes.image}
      href={address}
      title={t("markdown.imageNote", { target: address })}
    >
      <IconPhoto size={16} aria-hidden />{" "}
      {t("markdown.image", { host: hostOf(address), alt: alt ?? "" })}
    </AskedLink>
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

/** What the parser reads instead of a text: mathematics in one form, no byte order mark. */
function prepared(text: string, math: boolean): { text: string; edits: Edit[] } {
  const body = text.replace(/^\ufeff/, "");
  const marked = math ? markMath(body) : { text: body, edits: [] };
  const dropped = text.length - body.length;
  if (dropped === 0) return marked;
  const shifted = marked.edits.map((edit) => ({
    ...edit,
    from: edit.from + dropped,
    to: edit.to + dropped,
  }));
  return { text: marked.text, edits: [{ start: 0, end: 0, from: 0, to: dropped }, ...shifted] };
}

interface MarkdownProps {
  children: string;
  /** The text's language, for the right Chinese or Japanese glyphs. */
  lang?: string;
  /** Shows the characters as they are. */
  plain?: boolean;
  /**
   * What is drawn over the text, by offsets of the text as written. With a list, also an empty
   * one, the elements say which part of it they show (`source-dom.ts`).
   */
  marks?: readonly Mark[];
}

/** A text as it is written, with its marks; drawn like Markdown's, so that the same styles fit. */
function Plain({ text, marks }: { text: string; marks: readonly Mark[] }) {
  const [pieces = []] = markPieces([[{ value: text, start: 0, end: text.length }]], marks);
  return pieces.map(({ value, start, end, marks: covering }) =>
    covering.reduceRight<ReactNode>(
      (inner, { mark, ends }) => {
        const Tag = mark.as ?? "mark";
        return (
          <Tag
            key={`${start} ${mark.id ?? ""}`}
            data-kind={mark.kind}
            data-mark={mark.id}
            title={mark.title}
          >
            {inner}
            {ends && mark.label && <sup data-mark-label="">{mark.label}</sup>}
          </Tag>
        );
      },
      <span key={start} data-start={start} data-end={end}>
        {value}
      </span>,
    ),
  );
}

/**
 * The one component that renders text from outside. HTML is shown as text and never interpreted;
 * links and pictures ask before anything leaves the browser.
 */
export const Markdown = memo(function Markdown({ children, lang, plain, marks }: MarkdownProps) {
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

  const isRewritten = math && loaded.math !== undefined;
  const { text, edits } = useMemo(() => prepared(children, isRewritten), [children, isRewritten]);

  if (plain) {
    return (
      <div className={classes.plain} lang={lang}>
        {marks ? <Plain text={children} marks={marks} /> : children}
      </div>
    );
  }
  const rich = [math ? loaded.math : undefined, code ? loaded.code : undefined].filter(
    (plugins) => plugins !== undefined,
  );
  const rehype: Rich["rehype"] = [[rehypeSanitize, SCHEMA]];
  if (marks) rehype.push([rehypeWholes, { math: isRewritten }]);
  rehype.push(...rich.flatMap((plugins) => plugins.rehype));
  if (marks) rehype.push([rehypeMarks, { marks, edits }]);
  return (
    <SelectableContext value={marks !== undefined}>
      <div className={classes.markdown} lang={lang}>
        <ReactMarkdown
          remarkPlugins={[remarkGfm, remarkAsWritten, ...rich.flatMap((plugins) => plugins.remark)]}
          rehypePlugins={rehype}
          components={COMPONENTS}
        >
          {text}
        </ReactMarkdown>
      </div>
    </SelectableContext>
  );
});
