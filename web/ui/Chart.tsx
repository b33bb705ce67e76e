import styles from './Chart.module.css'

export type ChartPoint = { name: string; value: number | null; below?: number | null }
type Props = {
  /** Says in words what is drawn; the numbers stand in a table beside it. */
  label: string
  points: readonly ChartPoint[]
  look: 'line' | 'bars'
  write: (value: number) => string
  height?: number
}

/** One row of values over days: a line or bars, with its highest and its last value written where they are. */
export function Chart({ label, points, look, write, height = 56 }: Props) {
  const values = points.flatMap((point) => (point.value === null ? [] : [point.value]))
  const most = Math.max(...values, 0)
  const last = points.findLast((point) => point.value !== null)?.value ?? null
  const top = (value: number) => (most === 0 ? 100 : 100 - (100 * value) / most)
  const first = points[0]
  const end = points.at(-1)
  return (
    <div className={styles.chart} role="img" aria-label={label} style={{ ['--chart-height' as string]: `${height}px` }}>
      <div className={styles.plot}>
        {look === 'bars' ? (
          <div className={styles.bars}>
            {points.map((point) => (
              <span
                key={point.name}
                title={`${point.name}: ${point.value === null ? '–' : write(point.value)}`}
                style={{ height: `${point.value === null ? 0 : 100 - top(point.value)}%` }}
              />
            ))}
          </div>
        ) : (
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
            {pathsOf(points, (point) => point.below ?? null, top).map((d) => (
              <path key={d} d={d} className={styles.below} />
            ))}
            {pathsOf(points, (point) => point.value, top).map((d) => (
              <path key={d} d={d} className={styles.line} />
            ))}
          </svg>
        )}
        {values.length > 0 && most > 0 && last !== most && <span className={styles.most}>{write(most)}</span>}
      </div>
      <div className={styles.ends}>
        {last !== null && (
          <>
            <span className={styles.room}>{write(last)}</span>
            <span className={styles.now} style={{ top: `${top(last)}%` }}>
              {write(last)}
            </span>
          </>
        )}
      </div>
      <div className={styles.days}>
        <span>{first?.name}</span>
        {end !== first && <span>{end?.name}</span>}
      </div>
    </div>
  )
}

/** A day without a value is a gap and no zero; a single day between gaps is drawn as a short stroke. */
function pathsOf(points: readonly ChartPoint[], of: (point: ChartPoint) => number | null, top: (value: number) => number): string[] {
  const paths: string[] = []
  let current: string[] = []
  const flush = () => {
    if (current.length === 1) current.push(`L${Number(current[0]?.slice(1).split(' ')[0]) + 0.6} ${current[0]?.split(' ')[1]}`)
    if (current.length > 1) paths.push(current.join(' '))
    current = []
  }
  const wide = Math.max(1, points.length - 1)
  for (const [n, point] of points.entries()) {
    const value = of(point)
    if (value === null) flush()
    else current.push(`${current.length === 0 ? 'M' : 'L'}${((100 * n) / wide).toFixed(2)} ${top(value).toFixed(2)}`)
  }
  flush()
  return paths
}
