import { IconPhoto } from '@tabler/icons-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTexts } from '../kernel/i18n.ts'
import { Button } from './Button.tsx'
import styles from './MailFrame.module.css'
import { uiTexts } from './texts.ts'

/**
 * Shows mail HTML, sanitised at the door, in a frame without scripts. Pictures of the mail itself (`data-cid`) are put
 * in from its attachments. Pictures of the web (`data-remote-src`) stay out until the reader asks: our own pages'
 * policy forbids them, so the frame then changes to /mail-frame.html, the one address whose policy lets images in.
 */
type Part = { id: string; contentId: string | null }
/** No mail makes the page longer than this; what is longer scrolls in its frame. */
const highest = 20_000
const page = (html: string) => `<!doctype html><html><head><meta charset="utf-8"><base target="_blank"></head><body>${html}</body></html>`

const look = `
  :root { color-scheme: light; }
  html, body { margin: 0; background: #fff; color: #1b1f27; }
  body { padding: 12px; font: 14px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; box-sizing: border-box; }
  img { max-width: 100%; height: auto; } table { max-width: 100%; } pre { white-space: pre-wrap; }
  blockquote { margin: 8px 0 8px 4px; padding-left: 12px; border-left: 2px solid #c9ced8; color: #4d5666; }
  a { color: #2f54c4; }`

export function MailFrame({ html, parts = [] }: { html: string; parts?: readonly Part[] }) {
  const t = useTexts(uiTexts)
  const frame = useRef<HTMLIFrameElement>(null)
  const [height, setHeight] = useState(80)
  const [remote, setRemote] = useState(false)
  const held = (html.match(/data-remote-src=/g) ?? []).length
  const watcher = useRef<ResizeObserver>(undefined)

  const fit = useCallback(() => {
    const inside = frame.current?.contentDocument
    if (!inside?.body) return
    if (remote && inside.body.childElementCount === 0) inside.body.innerHTML = html
    dress(inside, parts, remote)
    const measure = () => setHeight(Math.min(highest, Math.ceil(inside.body.getBoundingClientRect().height) + 2))
    measure()
    watcher.current?.disconnect()
    watcher.current = new ResizeObserver(measure)
    watcher.current.observe(inside.body)
  }, [html, parts, remote])
  useEffect(() => () => watcher.current?.disconnect(), [])

  return (
    <div>
      {held > 0 && !remote && (
        <div className={styles.held}>
          <IconPhoto size={16} />
          <span className="grow">{t('imagesHeld', { count: held })}</span>
          <Button onClick={() => setRemote(true)}>{t('showImages')}</Button>
        </div>
      )}
      <iframe
        key={String(remote)}
        ref={frame}
        title={t('mailText')}
        className={styles.frame}
        style={{ height }}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        onLoad={fit}
        {...(remote ? { src: '/mail-frame.html' } : { srcDoc: page(html) })}
      />
    </div>
  )
}

function dress(inside: Document, parts: readonly Part[], remote: boolean): void {
  const style = inside.createElement('style')
  style.textContent = look
  inside.head.append(style)
  for (const image of inside.querySelectorAll<HTMLImageElement>('img[data-cid]')) {
    const part = parts.find((p) => p.contentId?.replace(/[<>]/g, '') === image.dataset.cid)
    if (part) image.src = `/api/attachments/${part.id}`
  }
  if (remote)
    for (const image of inside.querySelectorAll<HTMLImageElement>('img[data-remote-src]')) {
      image.referrerPolicy = 'no-referrer'
      image.src = image.dataset.remoteSrc ?? ''
    }
  for (const link of inside.querySelectorAll<HTMLAnchorElement>('a[href]')) {
    link.target = '_blank'
    link.rel = 'noopener noreferrer'
  }
}
