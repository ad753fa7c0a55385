import Language

/// How a page looks: light or dark as the reader's system is, wide or narrow, and on paper.
enum HTMLStyle {
    static let text = """
        :root {
          color-scheme: light dark;
          --page: #ffffff; --panel: #f5f6f8; --line: #d9dde3; --text: #1d2127; --quiet: #5b6470; --link: #0b5cad;
          --bad: #b3261e; --bad-panel: #fdf0ef; --stale: #7a4d00; --stale-panel: #fff5dc;
          --keyword: #8a2da5; --constant: #0b5cad; --number: #0b5cad; --string: #1b6b3a; --comment: #5f6975;
          --function: #9a4600; --label: #3d5166;
          --mono: ui-monospace, SFMono-Regular, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #14171b; --panel: #1d2126; --line: #343a42; --text: #e3e7ec; --quiet: #9aa4b0; --link: #79b8ff;
            --bad: #ff8f86; --bad-panel: #331c1b; --stale: #f0c36a; --stale-panel: #2f2612;
            --keyword: #d6a1f0; --constant: #86c1ff; --number: #86c1ff; --string: #8fd6a4; --comment: #97a1ad;
            --function: #f0b27a; --label: #b4c4d6;
          }
        }
        * { box-sizing: border-box; }
        html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body {
          margin: 0; background: var(--page); color: var(--text);
          font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
        }
        header, nav, main { max-width: 56rem; width: 100%; margin: 0 auto; padding: 0 1.25rem; min-width: 0; }
        header { padding-top: 2rem; }
        main { padding-bottom: 4rem; }
        h1, h2, h3, h4, h5, h6 {
          line-height: 1.25; margin: 2rem 0 0.6rem; scroll-margin-top: 1rem; text-wrap: balance;
        }
        h1 { font-size: 1.9rem; margin-top: 0; }
        h2 { font-size: 1.35rem; }
        h3 { font-size: 1.1rem; }
        a { color: var(--link); }
        p, ul, ol, blockquote { margin: 0 0 0.9rem; }
        img { max-width: 100%; height: auto; }
        hr { border: 0; border-top: 1px solid var(--line); margin: 2rem 0; }
        blockquote { border-left: 3px solid var(--line); padding-left: 1rem; color: var(--quiet); }
        code, pre { font-family: var(--mono); font-size: 0.875rem; }
        :not(pre) > code {
          background: var(--panel); border-radius: 4px; padding: 0.1em 0.35em; overflow-wrap: anywhere;
        }
        pre { margin: 0; overflow: auto; line-height: 1.5; tab-size: 4; }
        .text { overflow-wrap: break-word; }
        .text pre {
          background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 0.75rem 1rem;
          margin: 0 0 0.9rem;
        }
        .summary { color: var(--quiet); font-size: 0.875rem; margin: 0 0 1.25rem; }
        .bad { color: var(--bad); }
        .cell { margin: 1.75rem 0; }
        .cell h2 { margin-top: 2.25rem; }
        .code { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; }
        .code pre { padding: 0 1rem 0.8rem; }
        .bar {
          display: flex; justify-content: flex-end; gap: 0.75rem; margin: 0; padding: 0.3rem 1rem 0.15rem;
          color: var(--quiet); font-size: 0.75rem; font-variant-numeric: tabular-nums;
        }
        .bar > :first-child { margin-right: auto; }
        .output { padding: 0.6rem 1rem; margin-top: 0.5rem; max-height: 32rem; border-left: 3px solid var(--line); }
        .result { border-left-color: var(--link); }
        .error { border-left-color: var(--bad); background: var(--bad-panel); }
        .stale {
          margin: 0.5rem 0 0; padding: 0.35rem 1rem; font-size: 0.875rem; color: var(--stale);
          background: var(--stale-panel); border-left: 3px solid var(--stale);
        }
        figure {
          margin: 0.75rem 0 0; padding: 0.5rem; background: #ffffff; border: 1px solid var(--line);
          border-radius: 6px; overflow-x: auto;
        }
        figure > svg, figure > img { display: block; width: auto; max-width: 100%; height: auto; margin: 0 auto; }
        .narrow { display: none; }
        /* Pictures are drawn on white: turned dark, with their hues kept, unless colours stand for numbers. */
        @media (prefers-color-scheme: dark) {
          figure { background: #141414; }
          figure > * { filter: invert(0.92) hue-rotate(180deg); }
          figure.scale { background: #e8e8e8; }
          figure.scale > * { filter: brightness(0.91); }
        }
        .scroll { overflow-x: auto; margin: 0.75rem 0 0.9rem; max-height: 40rem; }
        table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
        th, td { padding: 0.3rem 0.8rem; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; }
        thead th { position: sticky; top: 0; background: var(--page); border-bottom: 2px solid var(--line); }
        tbody tr:hover { background: var(--panel); }
        .keyword { color: var(--keyword); } .constant { color: var(--constant); } .number { color: var(--number); }
        .string { color: var(--string); } .comment { color: var(--comment); } .function { color: var(--function); }
        .label { color: var(--label); }
        :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
        nav { font-size: 0.875rem; margin-bottom: 1.5rem; }
        nav h2 {
          font-size: 0.75rem; margin: 0 0 0.4rem; color: var(--quiet); text-transform: uppercase;
          letter-spacing: 0.06em;
        }
        nav ol { list-style: none; margin: 0; padding: 0; }
        nav a { display: block; padding: 0.25rem 0; color: inherit; text-decoration: none; line-height: 1.35; }
        nav a:hover { color: var(--link); text-decoration: underline; }
        .level-2 { padding-left: 0.9rem; }
        .level-3 { padding-left: 1.8rem; }
        @media (max-width: 71.99rem) {
          nav ol { border-left: 3px solid var(--line); padding-left: 0.9rem; }
        }
        @media (min-width: 72rem) {
          body:has(> nav) {
            display: grid; grid-template-columns: 17rem minmax(0, 1fr); grid-template-rows: auto 1fr;
            grid-template-areas: "nav header" "nav main";
          }
          header { grid-area: header; }
          main { grid-area: main; }
          nav {
            grid-area: nav; align-self: start; position: sticky; top: 0; max-height: 100vh; overflow-y: auto;
            margin: 0; padding: 2.5rem 1rem 2rem 1.5rem;
          }
        }
        @media (max-width: 40rem) {
          header, nav, main { padding-left: 0.9rem; padding-right: 0.9rem; }
          header { padding-top: 1.25rem; }
          figure { padding: 0.25rem; }
          .wide { display: none; }
          .narrow { display: block; }
          h1 { font-size: 1.55rem; }
          .code pre { padding: 0 0.75rem 0.7rem; }
          .bar { padding: 0.3rem 0.75rem 0.1rem; }
          .output { padding: 0.5rem 0.75rem; max-height: 24rem; }
          code, pre { font-size: 0.8125rem; }
          nav a { padding: 0.4rem 0; }
        }
        @media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
        @media print {
          nav { display: none; }
          body { display: block; }
          figure { background: none; }
          figure > *, figure.scale > * { filter: none; }
          .output, .scroll { max-height: none; }
          pre { white-space: pre-wrap; }
          figure, tr { break-inside: avoid; }
        }

        """

    /// The class of a piece of code; nil for what has no colour.
    static func name(of kind: HighlightedSpan.Kind) -> String? {
        switch kind {
        case .keyword: "keyword"
        case .constant: "constant"
        case .number: "number"
        case .string: "string"
        case .comment: "comment"
        case .callee: "function"
        case .label: "label"
        case .name, .opening, .closing, .operation: nil
        }
    }
}
