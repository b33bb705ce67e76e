import { IconPhoto } from '@tabler/icons-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTexts } from '../kernel/i18n.ts'
import { Button } from './Button.tsx'
import styles from './MailFrame.module.css'
import { toastProblem } from './Toast.tsx'
import { uiTexts } from './texts.ts'

/**
 * Shows mail HTML, sanitised at the door, in a frame without scripts. Pictures of the mail itself (`data-cid`) are put
 * in from its attachments. Pictures of the web (`data-remote-src`) stay out until the reader asks: then `pictures` gives
 * an address of our own for each, in their order, and we fetch them. The frame's policy never lets it ask anybody else.
 */
type Part = { id: string; contentId: string | null }
/** No mail makes the page longer than this; what is longer scrolls in its frame. */
const highest = 20_000
const policy = "default-src 'none'; img-src 'self' data:; font-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
const page = (html: string) =>
  `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="content-security-policy" content="${policy}"><base target="_blank"></head><body>${html}</body></html>`

/** Letters as in the conversation around it. On a dark page the mail lies on a white sheet, which needs an edge. */
const lookOf = (font: string, dark: boolean) => `
  ${font}
  :root { color-scheme: light; }
  html, body { margin: 0; background: #fff; color: #1b1f27; }
  body { padding: ${dark ? '12px' : '0'}; font: 14px/1.55 'Inter Variable', system-ui, sans-serif; overflow-wrap: anywhere; box-sizing: border-box; }
  body > :first-child { margin-top: 0; }
  img { max-width: 100%; height: auto; } table { max-width: 100%; } pre { white-space: pre-wrap; }
  blockquote { margin: 8px 0 8px 4px; padding-left: 12px; border-left: 2px solid #c9ced8; color: #4d5666; }
  a { color: #2f54c4; }`

/** The page's own font faces, for a document that has no style sheets of ours. */
const ownFonts = (): string =>
  [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule instanceof CSSFontFaceRule && rule.cssText.includes('Inter Variable'))
    .map((rule) => rule.cssText)
    .join('\n')

type Props = { html: string; parts?: readonly Part[]; pictures?: () => Promise<readonly (string | null)[]> }

export function MailFrame({ html, parts = [], pictures }: Props) {
  const t = useTexts(uiTexts)
  const frame = useRef<HTMLIFrameElement>(null)
  const [height, setHeight] = useState(80)
  const [remote, setRemote] = useState<readonly (string | null)[]>()
  const [asking, setAsking] = useState(false)
  const held = (html.match(/data-remote-src=/g) ?? []).length
  const watcher = useRef<ResizeObserver>(undefined)

  const fit = useCallback(() => {
    const inside = frame.current?.contentDocument
    if (!inside?.body) return
    dress(inside, parts)
    if (remote) letIn(inside, remote)
    const measure = () => setHeight(Math.min(highest, Math.ceil(inside.body.getBoundingClientRect().height) + 2))
    measure()
    watcher.current?.disconnect()
    watcher.current = new ResizeObserver(measure)
    watcher.current.observe(inside.body)
  }, [parts, remote])
  // The frame stays as it is; what the reader asked for is put in.
  useEffect(() => {
    const inside = frame.current?.contentDocument
    if (remote && inside?.body) letIn(inside, remote)
  }, [remote])
  useEffect(() => () => watcher.current?.disconnect(), [])

  const show = async (ask: NonNullable<typeof pictures>) => {
    setAsking(true)
    await ask()
      .then(setRemote, toastProblem)
      .finally(() => setAsking(false))
  }

  return (
    <div>
      {held > 0 && !remote && (
        <div className={styles.held}>
          <IconPhoto size={16} />
          <span className="grow">{t('imagesHeld', { count: held })}</span>
          {pictures && (
            <Button busy={asking} onClick={() => void show(pictures)}>
              {t('showImages')}
            </Button>
          )}
        </div>
      )}
      <iframe
        ref={frame}
        title={t('mailText')}
        className={styles.frame}
        style={{ height }}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        onLoad={fit}
        srcDoc={page(html)}
      />
    </div>
  )
}

function letIn(inside: Document, addresses: readonly (string | null)[]): void {
  for (const [n, image] of inside.querySelectorAll<HTMLImageElement>('img[data-remote-src]').entries()) {
    const address = addresses[n]
    if (address) image.src = address
  }
}

function dress(inside: Document, parts: readonly Part[]): void {
  const style = inside.createElement('style')
  style.textContent = lookOf(ownFonts(), document.documentElement.dataset.mantineColorScheme === 'dark')
  inside.head.append(style)
  for (const image of inside.querySelectorAll<HTMLImageElement>('img[data-cid]')) {
    const part = parts.find((p) => p.contentId?.replace(/[<>]/g, '') === image.dataset.cid)
    if (part) image.src = `/api/attachments/${part.id}`
  }
  for (const link of inside.querySelectorAll<HTMLAnchorElement>('a[href]')) {
    link.target = '_blank'
    link.rel = 'noopener noreferrer'
  }
}
