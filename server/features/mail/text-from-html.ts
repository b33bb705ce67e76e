// HTML to readable text, in one linear pass over the tokens and without building a tree: a mail with 200,000 tags costs
// as much as its length. Quotes come out with "> " and signature blocks with "-- ", so that folding (fold.ts) sees in an
// HTML mail the same marks as in a plain one.

import { Tokenizer } from 'htmlparser2'

const BLOCKS = new Set(
  'address article aside center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table tbody tfoot thead tr ul'.split(
    ' ',
  ),
)
const SPACED = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'pre', 'table'])
const SILENT = new Set(['script', 'style', 'head', 'title', 'noscript', 'template', 'svg', 'math', 'object', 'select', 'textarea', 'xml'])
const SIGNATURES = /(?:^|[\s_-])(?:gmail_signature|moz-signature|signature)(?:$|[\s_-])/i
const DEEPEST_QUOTE = 20

/** Pieces are joined once a line: appending to a long string and looking at its end would be quadratic. */
class TextWriter {
  #lines: string[] = []
  #pieces: string[] = []
  #endsInSpace = true
  #quoted = 0
  #lastDepth = 0
  #blankWanted = false
  #space = false

  add(text: string, preformatted: boolean): void {
    if (preformatted) {
      this.#addLines(text)
      return
    }
    const collapsed = text.replace(/[ \t\r\n\f]+/g, ' ')
    const body = collapsed.replace(/^ | $/g, '')
    if (collapsed === '') return
    if ((collapsed.startsWith(' ') || this.#space) && !this.#endsInSpace) this.#put(' ')
    this.#space = false
    if (body !== '') this.#put(body)
    if (body !== '') this.#space = collapsed.endsWith(' ')
  }

  /** Ends the line, even an empty one. */
  newLine(): void {
    const line = this.#pieces
      .join('')
      .replace(/\u00a0/g, ' ')
      .trimEnd()
    if (this.#blankWanted && line !== '') {
      if (this.#lines.length > 0 && !/^[> ]*$/.test(this.#lines.at(-1) ?? ''))
        this.#lines.push(this.#mark('', Math.min(this.#quoted, this.#lastDepth)))
      this.#blankWanted = false
    }
    this.#lines.push(this.#mark(line, this.#quoted))
    this.#lastDepth = this.#quoted
    this.#clear()
  }

  /** Ends the line if anything stands on it. */
  break(spaced: boolean): void {
    if (this.#pieces.some((piece) => piece.trim() !== '')) this.newLine()
    this.#clear()
    if (spaced) this.#blankWanted = true
  }

  quote(step: 1 | -1): void {
    this.break(step === 1)
    this.#quoted = Math.max(0, this.#quoted + step)
    if (step === -1) this.#blankWanted = true
  }

  text(): string {
    this.break(false)
    return this.#lines
      .join('\n')
      .replace(/\n{4,}/g, '\n\n\n')
      .replace(/^\n+/, '')
      .trimEnd()
  }

  #addLines(text: string): void {
    const [first = '', ...more] = text.split('\n')
    this.#put(first)
    for (const next of more) {
      this.newLine()
      this.#put(next)
    }
  }

  #put(piece: string): void {
    if (piece === '') return
    this.#pieces.push(piece)
    this.#endsInSpace = piece.endsWith(' ')
  }

  #clear(): void {
    this.#pieces = []
    this.#endsInSpace = true
    this.#space = false
  }

  #mark(line: string, depth: number): string {
    return depth === 0 ? line : `${'>'.repeat(Math.min(depth, DEEPEST_QUOTE))} ${line}`.trimEnd()
  }
}

/** The readable text of an HTML body. Never fails; unclosed and unknown tags are read as a browser roughly would. */
export function textFromHtml(html: string): string {
  const out = new TextWriter()
  let silent = ''
  let preformatted = 0
  let cells = 0
  let name = ''
  let attribute = ''
  let value = ''
  let signature = false
  // Word's paragraphs have no space between them: its empty ones are the empty lines.
  let tight = false
  let altText = ''

  const opened = () => {
    if (silent !== '') return
    if (SILENT.has(name)) silent = name
    else if (name === 'br') out.newLine()
    else if (name === 'blockquote') out.quote(1)
    else if (name === 'img') out.add(altText, false)
    else if (name === 'td' || name === 'th') {
      if (cells > 0) out.add('  ', false)
      cells += 1
    } else if (BLOCKS.has(name)) {
      out.break(SPACED.has(name) && !tight)
      if (name === 'pre') preformatted += 1
      if (name === 'tr') cells = 0
      if (name === 'hr') {
        out.add('________________________________', false)
        out.break(false)
      }
      if (name === 'li') out.add('- ', false)
    }
    if (signature && name === 'div') {
      out.break(false)
      out.add('--', false)
      out.break(false)
    }
  }

  const closed = (tag: string) => {
    if (silent !== '') {
      if (tag === silent || (silent === 'head' && tag === 'body')) silent = ''
      return
    }
    if (tag === 'blockquote') out.quote(-1)
    else if (tag === 'p' || BLOCKS.has(tag)) out.break(SPACED.has(tag) && !(tight && tag === 'p'))
    if (tag === 'pre' && preformatted > 0) preformatted -= 1
  }

  const tokens = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname(start, end) {
        name = html.slice(start, end).toLowerCase()
        if (silent === 'head' && name === 'body') silent = ''
        signature = false
        if (name === 'p') tight = false
        altText = ''
      },
      onattribname(start, end) {
        attribute = html.slice(start, end).toLowerCase()
        value = ''
      },
      onattribdata(start, end) {
        if (value.length < 300) value += html.slice(start, Math.min(end, start + 300))
      },
      onattribentity(codepoint) {
        if (value.length < 300) value += String.fromCodePoint(codepoint)
      },
      onattribend() {
        if ((attribute === 'class' || attribute === 'id') && SIGNATURES.test(value)) signature = true
        if (attribute === 'class' && value.startsWith('Mso')) tight = true
        if (attribute === 'alt') altText = value
      },
      onopentagend: opened,
      onselfclosingtag: opened,
      onclosetag: (start, end) => closed(html.slice(start, end).toLowerCase()),
      ontext(start, end) {
        if (silent === '') out.add(html.slice(start, end), preformatted > 0)
      },
      ontextentity(codepoint) {
        if (silent === '') out.add(String.fromCodePoint(codepoint), preformatted > 0)
      },
      oncdata() {},
      oncomment() {},
      ondeclaration() {},
      onprocessinginstruction() {},
      onend() {},
    },
  )
  tokens.write(html)
  tokens.end()
  return out.text()
}
