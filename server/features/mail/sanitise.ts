// The one sanitiser for mail HTML. An allow-list (sanitize-html) rebuilds the document from what it knows, so anything
// it does not know is gone, including everything that makes a browser parse the result differently from us (svg, math,
// style, noscript, template). Styles keep a few properties of type and spacing and nothing that can load or float.
// Nothing in the result loads by itself: pictures of the mail become data-cid, pictures of the web data-remote-src,
// and the viewer puts them in when it has the part or when the reader clicks. What we store is this result.

import { Tokenizer } from 'htmlparser2'
import sanitizeHtml from 'sanitize-html'

/** Above these a browser struggles too: the reader gets the text instead. */
const MOST_TAGS = 200_000
const DEEPEST = 500
const LONGEST = 5_000_000
/** Loose signs and entities: each is a piece of its own to the parser. */
const MOST_PIECES = 400_000

const TAGS =
  'a abbr address b big blockquote br caption center cite code col colgroup dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var wbr'.split(
    ' ',
  )

/** Elements whose end tag is optional: ten thousand open paragraphs are old HTML and not depth. */
const UNCOUNTED = new Set(
  'p li dt dd td th tr tbody thead tfoot option colgroup br hr img input meta link col wbr area base source track embed param'.split(' '),
)

const STYLES = new Set(
  'background-color border border-bottom border-collapse border-color border-left border-radius border-right border-spacing border-style border-top border-width color direction font font-family font-size font-style font-variant font-weight height letter-spacing line-height list-style-type margin margin-bottom margin-left margin-right margin-top max-width min-width padding padding-bottom padding-left padding-right padding-top text-align text-decoration text-indent text-transform vertical-align white-space width word-break word-wrap'.split(
    ' ',
  ),
)
const PLAIN_VALUE = /^[\p{L}\p{N}\s#%.,'"!-]{1,200}$/u
const COLOUR_FUNCTIONS = /\b(?:rgb|rgba|hsl|hsla)\([\d\s.,%/]{1,60}\)/gi
const DATA_PICTURE = /^data:image\/(?:png|jpeg|jpg|gif|webp);base64,[A-Za-z0-9+/=\s]+$/i
/** Measured by the window, which for the reader's frame is as high as what it shows: the two would raise each other for ever. */
const BY_WINDOW = /\d\s*[dls]?v(?:h|w|i|b|min|max)\b/i
const NUMBER = /^\d{1,5}(?:\.\d{1,3})?(?:%|px|pt|em)?$/

/** Only declarations of harmless properties with plain values: no url(), no expression, no escapes, no position. */
function keepStyles(style: string): string {
  const kept: string[] = []
  for (const declaration of style.slice(0, 4000).split(';')) {
    const colon = declaration.indexOf(':')
    if (colon < 1) continue
    const value = declaration.slice(colon + 1).trim()
    const property = plainly(declaration.slice(0, colon).trim().toLowerCase(), value)
    if (!STYLES.has(property) || !PLAIN_VALUE.test(value.replace(COLOUR_FUNCTIONS, 'colour'))) continue
    if (BY_WINDOW.test(value)) continue
    if (/^(?:margin|text-indent|letter-spacing)/.test(property) && /(?:^|\s)-/.test(value)) continue
    kept.push(`${property}:${value}`)
  }
  return kept.join(';')
}

/** A background that is only a colour stays, or white words on it would stand on white. */
const plainly = (property: string, value: string): string =>
  property === 'background' && /^(?:#[0-9a-f]{3,8}|[a-z]{3,20}|rgba?\([\d\s.,%/]{1,60}\))$/i.test(value) ? 'background-color' : property

function picture(attribs: Record<string, string>): Record<string, string> {
  const { src = '', alt, width, height, style } = attribs
  const kept: Record<string, string> = {}
  const url = src.trim()
  if (/^cid:/i.test(url)) kept['data-cid'] = decodeCid(url.slice(4))
  else if (DATA_PICTURE.test(url)) kept.src = url
  else if (/^https?:\/\//i.test(url)) kept['data-remote-src'] = url
  else if (url.startsWith('//')) kept['data-remote-src'] = `https:${url}`
  if (alt) kept.alt = alt
  if (width && NUMBER.test(width)) kept.width = width
  if (height && NUMBER.test(height)) kept.height = height
  if (style) kept.style = style
  return kept
}

function decodeCid(cid: string): string {
  try {
    return decodeURIComponent(cid).replace(/[<>"'\s]/g, '')
  } catch {
    return cid.replace(/[<>"'\s]/g, '')
  }
}

function link(attribs: Record<string, string>): Record<string, string> {
  const href = (attribs.href ?? '').trim()
  const kept: Record<string, string> = attribs.style ? { style: attribs.style } : {}
  if (attribs.title) kept.title = attribs.title
  if (!/^(?:https?:\/\/|mailto:|tel:)/i.test(href)) return kept
  return { ...kept, href }
}

const OPTIONS: sanitizeHtml.IOptions = {
  allowedTags: TAGS,
  allowedAttributes: {
    '*': ['style', 'dir', 'lang', 'align', 'valign', 'title'],
    a: ['href'],
    img: ['src', 'data-cid', 'data-remote-src', 'alt', 'width', 'height'],
    font: ['color', 'size', 'face'],
    table: ['border', 'cellpadding', 'cellspacing', 'width', 'bgcolor'],
    td: ['colspan', 'rowspan', 'width', 'height', 'bgcolor', 'nowrap'],
    th: ['colspan', 'rowspan', 'width', 'height', 'bgcolor', 'nowrap'],
    tr: ['bgcolor', 'height'],
    col: ['span', 'width'],
    ol: ['start', 'type'],
    ul: ['type'],
    li: ['value'],
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['data'] },
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  nonTextTags: [
    'script',
    'style',
    'textarea',
    'option',
    'noscript',
    'template',
    'svg',
    'math',
    'object',
    'embed',
    'applet',
    'iframe',
    'frame',
    'noembed',
    'noframes',
    'plaintext',
    'xmp',
    'title',
    'video',
    'audio',
    'canvas',
    'select',
    'xml',
  ],
  parseStyleAttributes: false,
  enforceHtmlBoundary: false,
  transformTags: {
    a: (tagName, attribs) => ({ tagName, attribs: link(attribs) }),
    img: (tagName, attribs) => ({ tagName, attribs: picture(attribs) }),
    '*': (tagName, attribs) => {
      const { style, background, ...rest } = attribs
      const kept = style ? keepStyles(style) : ''
      return { tagName, attribs: kept ? { ...rest, style: kept } : rest }
    },
  },
}

/** The mail's HTML made safe to show, or null when it is too large or too deep to render (the caller shows the text). */
export function sanitiseMailHtml(html: string): string | null {
  if (isTooComplex(html)) return null
  // Put in afterwards, the same for each: as attributes of tens of thousands of links they took a third of the time.
  // What is left is text with no < of its own, so <a with a space is the begin of a link.
  return sanitizeHtml(html, OPTIONS).replaceAll('<a ', '<a target="_blank" rel="noopener noreferrer nofollow" ')
}

/** Counted on tokens, before any tree exists: the guard must not be what it guards against. */
function isTooComplex(html: string): boolean {
  if (html.length > LONGEST) return true
  let tags = 0
  let pieces = 0
  let depth = 0
  let deepest = 0
  let counted = false
  const piece = () => {
    pieces += 1
    if (pieces > MOST_PIECES) tokens.pause()
  }
  const tokens = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname(start, end) {
        tags += 1
        counted = !UNCOUNTED.has(html.slice(start, end).toLowerCase())
      },
      onopentagend() {
        if (counted) depth += 1
        if (depth > deepest) deepest = depth
        if (tags > MOST_TAGS || deepest > DEEPEST) tokens.pause()
      },
      onselfclosingtag() {
        if (counted) depth += 1
        if (depth > deepest) deepest = depth
      },
      onclosetag(start, end) {
        tags += 1
        if (!UNCOUNTED.has(html.slice(start, end).toLowerCase()) && depth > 0) depth -= 1
      },
      onattribdata() {},
      onattribentity() {},
      onattribend() {},
      onattribname() {},
      ontext: piece,
      ontextentity: piece,
      oncdata() {},
      oncomment() {},
      ondeclaration() {},
      onprocessinginstruction() {},
      onend() {},
    },
  )
  tokens.write(html)
  return tags > MOST_TAGS || deepest > DEEPEST || pieces > MOST_PIECES
}
