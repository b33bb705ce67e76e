import { type PointerEvent, type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import { Button } from '../../ui/Button.tsx'
import styles from './Visits.module.css'

/** base64 of a PNG, or null while nothing is drawn. */
export type Pad = { png(): string | null }
type Props = { ref: Ref<Pad>; label: string; clear: string; error?: string | undefined }

/** Ink is black on white in the dark look, too: it is paper. Who cannot draw types the name instead (SignSheet). */
export function SignaturePad({ ref, label, clear, error }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const drawn = useRef(false)
  useImperativeHandle(ref, () => ({
    png: () => (drawn.current ? (canvas.current?.toDataURL('image/png').split(',')[1] ?? null) : null),
  }))
  useEffect(() => wipe(canvas.current), [])
  const at = (event: PointerEvent<HTMLCanvasElement>): [number, number] => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect()
    return [((event.clientX - left) / width) * event.currentTarget.width, ((event.clientY - top) / height) * event.currentTarget.height]
  }
  const begin = (event: PointerEvent<HTMLCanvasElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    const ink = event.currentTarget.getContext('2d')
    ink?.beginPath()
    ink?.moveTo(...at(event))
  }
  const draw = (event: PointerEvent<HTMLCanvasElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const ink = event.currentTarget.getContext('2d')
    if (!ink) return
    ink.lineTo(...at(event))
    ink.stroke()
    drawn.current = true
  }
  const restart = () => {
    wipe(canvas.current)
    drawn.current = false
  }
  return (
    <div className={styles.pad}>
      <div className={styles.padHead}>
        <span>{label}</span>
        <Button look="plain" onClick={restart}>
          {clear}
        </Button>
      </div>
      <canvas ref={canvas} width={900} height={300} role="img" aria-label={label} onPointerDown={begin} onPointerMove={draw} />
      {error && (
        <p className={styles.bad} role="alert">
          {error}
        </p>
      )}
    </div>
  )
}

function wipe(canvas: HTMLCanvasElement | null): void {
  const ink = canvas?.getContext('2d')
  if (!canvas || !ink) return
  ink.fillStyle = 'white'
  ink.fillRect(0, 0, canvas.width, canvas.height)
  Object.assign(ink, { strokeStyle: 'black', lineWidth: 5, lineCap: 'round', lineJoin: 'round' })
}
